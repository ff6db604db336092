import pg from 'pg';
import type { Queryable } from '../../kit/data/database.ts';
import { limits } from '../../kit/data/limits.ts';
import type { Problem } from '../../kit/http/problem.ts';
import type { Column, Filter, Table } from './api.ts';
import { query, wrong } from './query.ts';
import { type Cursor, columnOf, type Parameter, type RowOrder, sqlOf } from './row-order.ts';

export interface Row {
	readonly values: Readonly<Record<string, unknown>>;
	readonly cursor: Cursor;
}

/** A selection of a table's rows: those that match the filters, in an order, after a cursor in it. */
interface Wanted {
	readonly order: RowOrder;
	readonly filters: readonly Filter[];
	readonly after: Cursor | undefined;
}

/** How many rows an export reads per query. */
const batch = 1000;

/** @throws {Problem} 422 or 503, as `query` does */
export async function list(db: Queryable, table: Table, wanted: Wanted, limit: number): Promise<Row[]> {
	const values: unknown[] = [];
	const parameter: Parameter = (value) => `$${values.push(value)}`;
	const { order, filters, after } = wanted;
	const conditions = [
		'true',
		...filters.map((filter) => conditionOf(table, filter, parameter)),
		...(after ? [order.beyond(after, parameter)] : []),
	];
	const name = `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;
	// The lateral subquery lets conditions use the raw columns although the result names its converted ones alike.
	const sql = `select row_to_json(shown) as values, json_build_array(${order.columns.map((column) => `${column}::text`)}) as cursor
		from ${name} t cross join lateral (select ${table.columns.map(shown)}) shown
		where ${conditions.join(' and ')} order by ${order.sql} limit ${parameter(limit)}`;
	return query<Row>(db, sql, values, slowness(table, wanted));
}

/** Returns the problem of a question that takes too long because of its sort or its filters, if it has any. */
function slowness({ indexes }: Table, { order: { sort }, filters }: Wanted): Problem | undefined {
	const asked = [
		...(sort ? [`a sort by ${sort}`] : []),
		...filters.map(({ column, operator, value }) => `a filter ${column}:${operator}:${value}`),
	];
	if (!asked.length) return undefined;
	const indexed = [...new Set(indexes.map(([first]) => first))].sort().join(', ');
	return wrong(
		sort ? 'query.sort' : 'query.filter',
		`${asked.join(' and ')} took longer than ${limits.question / 1000} s. The indexed columns are ${indexed || 'none'}: ` +
			'sort by one of them, or filter one of them with eq, lt or gt',
	);
}

/** Reads all rows in batches, the first before it returns, so that errors surface before the response starts. */
export async function all(db: Queryable, table: Table, wanted: Wanted): Promise<AsyncIterable<Row[]>> {
	const first = await list(db, table, wanted, batch);
	return (async function* () {
		for (let rows = first; ; ) {
			yield rows;
			const last = rows.at(-1);
			if (rows.length < batch || !last) return;
			rows = await list(db, table, { ...wanted, after: last.cursor }, batch);
		}
	})();
}

/** Returns SQL for the response: numerics as text, because JSON would round them; times as ISO 8601 in UTC. */
function shown(column: Column): string {
	const sql = sqlOf(column);
	const name = pg.escapeIdentifier(column.name);
	if (column.type.startsWith('numeric')) return `${sql}::text as ${name}`;
	if (/^timestamp.* with time zone$/.test(column.type))
		return `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${name}`;
	return sql;
}

function conditionOf(table: Table, { column, operator, value }: Filter, parameter: Parameter): string {
	const name = sqlOf(columnOf(table, column, 'query.filter'));
	switch (operator) {
		case 'eq':
			return `${name} = ${parameter(value)}`;
		case 'ne':
			return `${name} is distinct from ${parameter(value)}`;
		case 'lt':
			return `${name} < ${parameter(value)}`;
		case 'gt':
			return `${name} > ${parameter(value)}`;
		case 'contains':
			return `position(lower(${parameter(value)}) in lower(${name}::text)) > 0`;
		case 'null':
			return `${name} is ${value === 'true' ? '' : 'not '}null`;
	}
}
