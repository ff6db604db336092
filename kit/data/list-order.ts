/** The order of a list, as SQL. */
export interface ListOrder {
	/** What comes after `order by`. The id is last, so no two rows have the same position. An index also serves it backwards. */
	readonly by: string;
	/** Returns the condition that selects the rows after the one with an id. An index of the order serves it. */
	readonly after: (id: string) => string;
	/** Whether `after` reads the row with that id, which must exist then. */
	readonly readsRow: boolean;
}

/**
 * Returns the order of a table's rows that `sort` names: `price`, or `-price` for descending.
 * @param keys the SQL expression of each name; `id` orders by the id alone
 */
export function listOrder<Name extends string>(
	table: string,
	keys: Readonly<Record<Name, string>>,
	sort: Name | `-${Name}`,
): ListOrder {
	const isDescending = sort.startsWith('-');
	const key = keys[sort.replace(/^-/, '') as Name];
	const readsRow = key !== 'id';
	const columns = readsRow ? [key, 'id'] : ['id'];
	const compare = `(${columns}) ${isDescending ? '<' : '>'}`;
	return {
		by: columns.map((column) => `${column} ${isDescending ? 'desc' : 'asc'}`).join(', '),
		after: (id) => (readsRow ? `${compare} (select ${columns} from ${table} where id = ${id})` : `${compare} (${id})`),
		readsRow,
	};
}
