/** The conditions of a filter; the last two take no value. */
export const operators = ['eq', 'ne', 'lt', 'gt', 'contains', 'null:true', 'null:false'] as const;
export type Operator = (typeof operators)[number];

export interface Filter {
	readonly column: string;
	readonly operator: Operator;
	readonly value: string;
}

export const takesValue = (operator: Operator): boolean => !operator.startsWith('null');

/** Returns a filter in the form of the URL and the API: `price:gt:30`. */
export const written = ({ column, operator, value }: Filter): string =>
	`${column}:${operator}${takesValue(operator) ? `:${value}` : ''}`;

/** Parses a filter. Returns undefined for an invalid one, which the API then rejects. */
export function readFilter(text: string): Filter | undefined {
	const [, column = '', rest = ''] = /^([^:]+):([\s\S]*)$/.exec(text) ?? [];
	const operator = operators.find((each) => (takesValue(each) ? rest.startsWith(`${each}:`) : rest === each));
	return operator && { column, operator, value: takesValue(operator) ? rest.slice(operator.length + 1) : '' };
}

/** Selects the shown rows of a table; the URL and the API use the same parameters. */
export interface View {
	/** `column`, or `-column` for descending. */
	readonly sort: string | undefined;
	/** In the form of the API: `price:gt:30`. */
	readonly filter: readonly string[];
	readonly limit: number;
	/** The cursor after which the page begins. */
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

/** Returns the URL parameters of a view, without the default values. */
export function viewParams({ sort, filter, limit, after }: View): URLSearchParams {
	return new URLSearchParams([
		...(sort ? [['sort', sort]] : []),
		...filter.map((each) => ['filter', each]),
		...(limit === pageSizes[1] ? [] : [['limit', String(limit)]]),
		...(after ? [['after', after]] : []),
	]);
}

export const sortOf = (sort: string | undefined, column: string): 'ascending' | 'descending' | undefined =>
	sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;

/** Returns the sort after a press on a column's head: ascending, then descending, then none. */
export const nextSort = (sort: string | undefined, column: string): string | undefined =>
	({ none: column, ascending: `-${column}`, descending: undefined })[sortOf(sort, column) ?? 'none'];
