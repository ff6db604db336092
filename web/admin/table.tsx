import { Link, useParams } from 'wouter';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';
import { AdminOnly } from '../ui/admin-only.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Notice } from '../ui/notice.tsx';
import { Screen } from '../ui/screen.tsx';
import { Rows } from './data/rows.tsx';

const useWords = words(
	{
		all: 'All tables',
		none: 'This table does not exist, or it is secret.',
	},
	{
		all: 'Toutes les tables',
		none: 'Cette table n’existe pas, ou elle est secrète.',
	},
);

export default function AdminTable() {
	const text = useWords();
	const { table = '' } = useParams();
	return (
		<Screen
			title={table}
			aside={
				<Link className="button" href="/admin/data">
					{text.all}
				</Link>
			}
		>
			<AdminOnly>
				<Found key={table} name={table} />
			</AdminOnly>
		</Screen>
	);
}

function Found({ name }: { readonly name: string }) {
	const text = useWords();
	const query = useAnswer('GET /api/data/tables');
	return (
		<Loaded query={query}>
			{(tables) => {
				const table = tables.find((each) => `${each.schema}.${each.name}` === name);
				return table ? <Rows name={name} columns={table.columns} /> : <Notice>{text.none}</Notice>;
			}}
		</Loaded>
	);
}
