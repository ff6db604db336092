import pg from 'pg';
import type { Column, Table } from './api.ts';
import { wrong } from './query.ts';

/** A position in the order of a table's rows: one row's values in the order's columns, as text. */
export type Cursor = readonly (string | null)[];

/** Adds a value to a query's parameters and returns its placeholder. */
export type Parameter = (value: string | number | null) => string;

/**
 * The order of a table's rows: by a column, then by the rest of an index that begins with it, then by the primary key, so that no
 * two rows have the same position. Without a readable primary key, the physical row location (`ctid`) replaces it.
 */
export class RowOrder {
	/** The columns of the order, most significant first, as SQL. Queries use the alias `t` for the table. */
	readonly columns: readonly string[];
	/** `column`, `-column`, or empty for the order of the primary key. */
	readonly sort: string;
	readonly #descending: boolean;
	readonly #nullable: boolean;

	/** @param sort `column`, or `-column` @throws {Problem} 422 when the table has no such column */
	constructor(table: Table, sort = '') {
		this.sort = sort;
		this.#descending = sort.startsWith('-');
		const first = sort ? columnOf(table, sort.replace(/^-/, ''), 'query.sort') : undefined;
		this.#nullable = first?.nullable ?? false;
		const keys = table.columns.filter(({ key }) => key).map(sqlOf);
		const sorted = first ? [sqlOf(first), ...restOf(table, first).map(sqlOf)] : [];
		this.columns = [...new Set([...sorted, ...(keys.length ? keys : ['t.ctid'])])];
	}

	/** The `order by` list. Nulls come last, or first when descending, as in Postgres’s indexes. */
	get sql(): string {
		return this.columns.map((column) => (this.#descending ? `${column} desc` : column)).join(', ');
	}

	/** Returns the condition that selects the rows after a cursor. */
	beyond(cursor: Cursor, parameter: Parameter): string {
		const [first = '', ...others] = this.columns;
		const after = (columns: readonly string[], values: Cursor): string =>
			`(${columns}) ${this.#descending ? '<' : '>'} (${values.map(parameter)})`;
		if (!this.#nullable) return after(this.columns, cursor);
		// In SQL, no comparison with null is true, so rows with null in the column need their own condition.
		const [value, ...rest] = cursor;
		if (value !== null) return `(${after(this.columns, cursor)}${this.#descending ? '' : ` or ${first} is null`})`;
		return `(${first} is null and ${after(others, rest)}${this.#descending ? ` or ${first} is not null` : ''})`;
	}

	/** Encodes a cursor for the `after` parameter, together with its order. */
	write(cursor: Cursor): string {
		return Buffer.from(JSON.stringify([this.sort, ...cursor])).toString('base64url');
	}

	/** Decodes an `after` parameter. @throws {Problem} 422 when it is not a cursor in this order */
	read(after: string): Cursor {
		const given = parsed(Buffer.from(after, 'base64url').toString('utf8'));
		if (Array.isArray(given) && given[0] === this.sort && given.length === this.columns.length + 1)
			return given.slice(1);
		throw wrong('query.after', 'the value is not a cursor in this order; use the Link of the previous page');
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Returns the columns after the first one in the longest index that begins with it. None of them can be null, as `beyond` needs. */
function restOf({ columns, indexes }: Table, first: Column): Column[] {
	const rests = indexes
		.filter(([name]) => name === first.name)
		.map(([, ...names]) => names.flatMap((name) => columns.filter((column) => column.name === name)))
		.filter((rest) => rest.every(({ nullable }) => !nullable));
	return rests.toSorted((one, other) => other.length - one.length)[0] ?? [];
}

/** Returns a column as SQL, with the table alias `t`. Quotes the name, although names come from the catalog only. */
export const sqlOf = ({ name }: Column): string => `t.${pg.escapeIdentifier(name)}`;

/** Returns the column with a name. @throws {Problem} 422 when the column does not exist or is secret */
export function columnOf({ columns }: Table, name: string, field: string): Column {
	const column = columns.find((each) => each.name === name);
	if (column) return column;
	throw wrong(
		field,
		`the table has no readable column "${name}"; its columns are ${columns.map((each) => each.name).join(', ')}`,
	);
}
