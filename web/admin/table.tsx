import { useParams } from 'wouter';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';
import { AdminScreen } from '../ui/admin-only.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Notice } from '../ui/notice.tsx';
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
		<AdminScreen title={table} aside={<ButtonLink href="/admin/data">{text.all}</ButtonLink>}>
			<Found key={table} name={table} />
		</AdminScreen>
	);
}

function Found({ name }: { readonly name: string }) {
	const text = useWords();
	return (
		<Loaded query={useAnswer('GET /api/data/tables')}>
			{(tables) => {
				const table = tables.find((each) => `${each.schema}.${each.name}` === name);
				return table ? (
					<Rows name={name} columns={table.columns} indexes={table.indexes} />
				) : (
					<Notice>{text.none}</Notice>
				);
			}}
		</Loaded>
	);
}
