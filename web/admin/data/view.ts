/** What a filter asks of a column; the last two take no value. */
export const operators = ['eq', 'ne', 'lt', 'gt', 'contains', 'null:true', 'null:false'] as const;
export type Operator = (typeof operators)[number];

export interface Filter {
	readonly column: string;
	readonly operator: Operator;
	readonly value: string;
}

export const takesValue = (operator: Operator): boolean => !operator.startsWith('null');

/** A filter as the address and the API have it: `price:gt:30`. */
export const written = ({ column, operator, value }: Filter): string =>
	`${column}:${operator}${takesValue(operator) ? `:${value}` : ''}`;

/** The filter that a text tells of; undefined for one that is none, which the API then says. */
export function readFilter(text: string): Filter | undefined {
	const [, column = '', rest = ''] = /^([^:]+):([\s\S]*)$/.exec(text) ?? [];
	const operator = operators.find((each) => (takesValue(each) ? rest.startsWith(`${each}:`) : rest === each));
	return operator && { column, operator, value: takesValue(operator) ? rest.slice(operator.length + 1) : '' };
}

/** Which rows of a table are looked at, as the address says it and the API takes it. */
export interface View {
	/** `column`, or `-column` for descending. */
	readonly sort: string | undefined;
	/** As they are written. */
	readonly filter: readonly string[];
	/** How many rows a page has. */
	readonly limit: number;
	/** The place that the page begins after. */
	readonly after: string | undefined;
}

export const pageSizes = [25, 50, 100, 500] as const;

export function readView(params: URLSearchParams): View {
	return {
		sort: params.get('sort') ?? undefined,
		filter: params.getAll('filter'),
		limit: Number(params.get('limit')) || pageSizes[1],
		after: params.get('after') ?? undefined,
	};
}

/** The address's part for a view: what goes without saying is left out. */
export function viewParams({ sort, filter, limit, after }: View): URLSearchParams {
	return new URLSearchParams([
		...(sort ? [['sort', sort]] : []),
		...filter.map((each) => ['filter', each]),
		...(limit === pageSizes[1] ? [] : [['limit', String(limit)]]),
		...(after ? [['after', after]] : []),
	]);
}

/** How a column is sorted by. */
export const sortOf = (sort: string | undefined, column: string): 'ascending' | 'descending' | undefined =>
	sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;

/** The sort after a column's head was pressed: ascending, descending, and then none. */
export const nextSort = (sort: string | undefined, column: string): string | undefined =>
	({ none: column, ascending: `-${column}`, descending: undefined })[sortOf(sort, column) ?? 'none'];
