import pg from 'pg';
import type { Column, Table } from './api.ts';
import { wrong } from './query.ts';

/** A place in the order of a table's rows: what one of them has in the order's columns, as text. */
export type Place = readonly (string | null)[];

/** Adds a value to a query's parameters, and answers with its placeholder. */
export type Parameter = (value: string | number | null) => string;

/**
 * The order of a table's rows: by a column, and by the primary key where that leaves it open, so that no two rows have the
 * same place. A table of which no primary key can be read is in the order in which its rows are stored.
 */
export class Order {
	/** What it is by, the first first: columns of the table, which queries call `t`. */
	readonly columns: readonly string[];
	readonly #sort: string;
	readonly #descending: boolean;
	readonly #nullable: boolean;

	/** @param sort `column`, or `-column` @throws {Problem} 422 when there is no such column */
	constructor(table: Table, sort = '') {
		this.#sort = sort;
		this.#descending = sort.startsWith('-');
		const first = sort ? columnOf(table, sort.replace(/^-/, ''), 'query.sort') : undefined;
		this.#nullable = first?.nullable ?? false;
		const keys = table.columns.filter(({ key }) => key).map(sqlOf);
		this.columns = [...new Set([...(first ? [sqlOf(first)] : []), ...(keys.length ? keys : ['t.ctid'])])];
	}

	/** The `order by`: as Postgres’s indexes are, nulls last, and first when descending. */
	get sql(): string {
		return this.columns.map((column) => (this.#descending ? `${column} desc` : column)).join(', ');
	}

	/** The condition of the rows beyond a place. */
	beyond(place: Place, parameter: Parameter): string {
		const [first = '', ...others] = this.columns;
		const after = (columns: readonly string[], values: Place): string =>
			`(${columns}) ${this.#descending ? '<' : '>'} (${values.map(parameter)})`;
		if (!this.#nullable) return after(this.columns, place);
		// No comparison holds of null (SQL), so the rows without the column's value are a case of their own.
		const [value, ...rest] = place;
		if (value !== null) return `(${after(this.columns, place)}${this.#descending ? '' : ` or ${first} is null`})`;
		return `(${first} is null and ${after(others, rest)}${this.#descending ? ` or ${first} is not null` : ''})`;
	}

	/** A place as `after` has it; it says which order it is of. */
	write(place: Place): string {
		return Buffer.from(JSON.stringify([this.#sort, ...place])).toString('base64url');
	}

	/** @throws {Problem} 422 when it is no place of this order */
	read(after: string): Place {
		const given = parsed(Buffer.from(after, 'base64url').toString('utf8'));
		if (Array.isArray(given) && given[0] === this.#sort && given.length === this.columns.length + 1)
			return given.slice(1);
		throw wrong('query.after', 'this is no place in this order; follow the Link of the page before it');
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A column as SQL, of the table that queries call `t`. Names come from the catalog alone, and are quoted all the same. */
export const sqlOf = ({ name }: Column): string => `t.${pg.escapeIdentifier(name)}`;

/** @throws {Problem} 422 when there is no such column, or it is secret */
export function columnOf({ columns }: Table, name: string, field: string): Column {
	const column = columns.find((each) => each.name === name);
	if (column) return column;
	throw wrong(
		field,
		`there is no column "${name}" to be read; there are ${columns.map((each) => each.name).join(', ')}`,
	);
}
