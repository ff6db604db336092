import { useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Column, Table } from '../../../functions/data/api.ts';
import { askFile } from '../../api/ask.ts';
import { Problem } from '../../api/problem.ts';
import { usePage } from '../../api/query.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Download } from '../../ui/download/download.tsx';
import { Select } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Sheet } from '../catalog/sheet.tsx';
import { Filters } from './filters.tsx';
import { SortHead } from './sort-head.tsx';
import { Value } from './value.tsx';
import { nextSort, pageSizes, readView, sortOf, type View, viewParams } from './view.ts';

const useWords = words(
	{
		rows: (count: number, written: string, more: boolean) =>
			`${written} row${count === 1 ? '' : 's'}${more ? ', with more on the next page' : ''}`,
		none: 'No rows match the filters.',
		empty: 'The table is empty.',
		refused: 'Can’t show these rows: the filter, the sort or the page does not fit this table, or takes too long.',
		indexed: (columns: string) => `Fast to sort and to filter, however long the table is: ${columns}.`,
		plain: 'Show the whole table',
		pages: 'Pages',
		size: 'Rows per page',
		next: 'Next page',
		first: 'First page',
	},
	{
		rows: (count: number, written: string, more: boolean) =>
			`${written} ligne${count < 2 ? '' : 's'}${more ? ', suite à la page suivante' : ''}`,
		none: 'Aucune ligne ne correspond aux filtres.',
		empty: 'La table est vide.',
		refused:
			'Impossible d’afficher ces lignes : le filtre, le tri ou la page ne convient pas à cette table, ou prend trop de temps.',
		indexed: (columns: string) => `Tri et filtre rapides, quelle que soit la taille de la table : ${columns}.`,
		plain: 'Afficher toute la table',
		pages: 'Pages',
		size: 'Lignes par page',
		next: 'Page suivante',
		first: 'Première page',
	},
);

/** Postgres's numeric types, whose columns are right-aligned. */
const numeric = /^(smallint|integer|bigint|numeric|real|double)/;

/** Requests all rows that match the filters, in the same order, as CSV. */
const askCsv = (table: string, { sort, filter }: View): Promise<Blob> =>
	askFile('GET /api/data/tables/:table', 'text/csv', { params: { table }, query: { sort, filter } });

interface Props {
	/** The table's name with its schema: `books.books`. */
	readonly name: string;
	readonly columns: readonly Column[];
	readonly indexes: Table['indexes'];
}

/** The rows of a table. The URL contains the filters, the sort and the page. */
export function Rows({ name, columns, indexes }: Props) {
	const text = useWords();
	const { number } = useFormat();
	const sheet = useRef<HTMLElement>(null);
	const [params, setParams] = useSearchParams();
	const view = readView(params);
	const query = usePage('GET /api/data/tables/:table', { params: { table: name }, query: { ...view } });
	// A cursor is valid for one sort and one set of filters, so a change goes back to the first page.
	const show = (change: Partial<View>): void => setParams(viewParams({ ...view, after: undefined, ...change }));
	const hrefOf = (after: string | undefined): string => `?${viewParams({ ...view, after })}`;
	// Move the focus, because the followed link can disappear with its page.
	const turn = (): void => {
		sheet.current?.focus();
		sheet.current?.scrollTo(0, 0);
	};
	const said = (count: number, more: boolean): string =>
		count ? text.rows(count, number(count), more) : view.filter.length ? text.none : text.empty;
	const indexed = [...new Set(indexes.flatMap(([first = []]) => first))].sort();
	const sizes = [...new Set([...pageSizes, view.limit])].sort((one, other) => one - other);
	return (
		<>
			<Filters columns={columns} filters={view.filter} onChange={(filter) => show({ filter })} />
			{query.error instanceof Problem && query.error.status === 422 ? (
				<Notice>
					<p>
						{text.refused} <Link href="?">{text.plain}</Link>
					</p>
					<p lang="en">{query.error.message}</p>
					{indexed.length > 0 && <p>{text.indexed(indexed.join(', '))}</p>}
				</Notice>
			) : (
				<Loaded query={query}>
					{({ rows, next }) => (
						<div className="stack">
							<div className="office-bar">
								<p role="status">{said(rows.length, next !== undefined)}</p>
								<Download name={name} file={() => askCsv(name, view)} />
							</div>
							<Sheet
								label={name}
								region={sheet}
								className={query.isPlaceholderData ? 'sheet-rows sheet-stale' : 'sheet-rows'}
								columns={columns.map((column) => ({
									key: column.name,
									label: column.name,
									kind: numeric.test(column.type) ? 'number' : undefined,
									sort: sortOf(view.sort, column.name),
									heading: (
										<SortHead
											column={column}
											isIndexed={indexed.includes(column.name)}
											sort={sortOf(view.sort, column.name)}
											onSort={() => show({ sort: nextSort(view.sort, column.name) })}
										/>
									),
									cell: (row: Readonly<Record<string, unknown>>) => (
										<Value name={column.name} type={column.type} value={row[column.name]} />
									),
								}))}
								rows={rows}
								keyOf={(_, index) => index}
							/>
							<nav className="office-bar" aria-label={text.pages}>
								<div className="row">
									{view.after && (
										<ButtonLink href={hrefOf(undefined)} onClick={turn}>
											{text.first}
										</ButtonLink>
									)}
									{next && (
										<ButtonLink href={hrefOf(next)} onClick={turn}>
											{text.next}
										</ButtonLink>
									)}
								</div>
								<Select
									label={text.size}
									value={view.limit}
									onChange={({ target }) => show({ limit: Number(target.value) })}
								>
									{sizes.map((size) => (
										<option key={size} value={size}>
											{number(size)}
										</option>
									))}
								</Select>
							</nav>
						</div>
					)}
				</Loaded>
			)}
		</>
	);
}
