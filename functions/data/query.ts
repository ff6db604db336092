import type { QueryResultRow } from 'pg';
import type { Queryable } from '../../kit/data/database.ts';
import { Problem, unavailable } from '../../kit/http/problem.ts';

/** SQLSTATEs for a value or an operator that does not fit a column. The caller receives Postgres's message. */
const misfit = /^(22|42883|42P18|0A000)/;
/** SQLSTATE of a statement cancelled by `statement_timeout`, whether it was computing or waiting for a lock. */
const cancelled = '57014';

/**
 * Runs a statement. It has no name, so that Postgres plans it for these values: the best index depends on how many rows match.
 * @param slow the problem if it takes too long; a 503 by default
 * @throws {Problem} 422 when a value does not fit its column
 */
export async function query<Row extends QueryResultRow>(
	db: Queryable,
	text: string,
	values: unknown[] = [],
	slow?: Problem,
): Promise<Row[]> {
	try {
		return (await db.query<Row>({ text, values })).rows;
	} catch (error) {
		const { code = '', message } = error as { code?: string; message: string };
		if (misfit.test(code)) throw wrong('query', message);
		if (code !== cancelled) throw error;
		throw slow ?? unavailable('The query took too long and was cancelled. Filter or sort by less.', error, 5);
	}
}

export const wrong = (field: string, detail: string): Problem =>
	new Problem(422, `Cannot read the rows: ${field}: ${detail}.`, { errors: [{ field, detail }] });
