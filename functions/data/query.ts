import type { QueryResultRow } from 'pg';
import type { Queryable } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';

/** SQLSTATEs by which Postgres says that a value or an operator does not fit a column; what it says of it is for the caller. */
const misfit = /^(22|42883|42P18|0A000)/;
/** What `statement_timeout` cancels, be it for the work or for a lock that another has. */
const cancelled = '57014';

/** Answers with the rows. @throws {Problem} 422 when a value is none of its column, 503 when it takes the role too long */
export async function query<Row extends QueryResultRow>(
	db: Queryable,
	sql: string,
	values: unknown[] = [],
): Promise<Row[]> {
	try {
		return (await db.query<Row>(sql, values)).rows;
	} catch (error) {
		const { code = '', message } = error as { code?: string; message: string };
		if (misfit.test(code)) throw wrong('query', message);
		if (code !== cancelled) throw error;
		throw new Problem(503, 'The database did not find this in the time it has for it. Filter or sort by less.', {
			headers: { 'retry-after': '5' },
			cause: error,
		});
	}
}

export const wrong = (field: string, detail: string): Problem =>
	new Problem(422, `The rows cannot be read like this: ${field}: ${detail}.`, { errors: [{ field, detail }] });
