import { Link } from 'wouter';
import type { Table } from '../../../functions/data/api.ts';
import { useAnswer } from '../../api/query.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { AdminScreen } from '../../ui/admin-only.tsx';
import { Loaded } from '../../ui/loaded.tsx';

const useWords = words(
	{
		title: 'Data',
		lead: 'Each function owns its tables. You can browse them here; secret data is hidden.',
		rows: (rows: number, written: string) => `about ${written} row${rows === 1 ? '' : 's'}`,
		unknown: 'not counted yet',
		columns: 'Columns',
	},
	{
		title: 'Données',
		lead: 'Chaque fonction a ses propres tables. Vous pouvez les consulter ici ; les données secrètes sont masquées.',
		rows: (rows: number, written: string) => `environ ${written} ligne${rows < 2 ? '' : 's'}`,
		unknown: 'pas encore comptées',
		columns: 'Colonnes',
	},
);

export default function AdminData() {
	const text = useWords();
	return (
		<AdminScreen title={text.title} lead={text.lead}>
			<Tables />
		</AdminScreen>
	);
}

function Tables() {
	return (
		<Loaded query={useAnswer('GET /api/data/tables')}>
			{(tables) => (
				<div className="drawers">
					{[...Map.groupBy(tables, ({ schema }) => schema)].map(([schema, own]) => (
						<Drawer key={schema} schema={schema} tables={own} />
					))}
				</div>
			)}
		</Loaded>
	);
}

function Drawer({ schema, tables }: { readonly schema: string; readonly tables: readonly Table[] }) {
	const text = useWords();
	const { number } = useFormat();
	return (
		<section className="drawer" aria-labelledby={`drawer-${schema}`}>
			<h2 className="drawer-label" id={`drawer-${schema}`}>
				{schema}
			</h2>
			<ul className="drawer-cards">
				{tables.map(({ name, estimated_rows, columns }) => (
					<li key={name}>
						<div className="drawer-card">
							<h3>
								<Link href={`/admin/data/${schema}.${name}`}>{name}</Link>
							</h3>
							<p className="small quiet">
								{estimated_rows === null ? text.unknown : text.rows(estimated_rows, number(estimated_rows))}
							</p>
						</div>
						<p className="drawer-columns">
							<span className="unseen">{text.columns} </span>
							{columns.map((column) => column.name).join(', ')}
						</p>
					</li>
				))}
			</ul>
		</section>
	);
}
