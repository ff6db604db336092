import type { Queryable } from '../../kit/data/database.ts';
import { listOrder } from '../../kit/data/list-order.ts';
import { goneAfter } from '../../kit/http/pagination.ts';
import type { Movie, MovieInput, MovieQuery } from './api.ts';

const columns = 'id, title, description, created_at';
/** The collation of the root locale, as librarians sort (Unicode Collation Algorithm). */
const keys = { added: 'id', title: 'title collate "und-x-icu"' };

/**
 * `strpos` matches literally, without wildcards. The explicit collation makes É equal é in any server locale. Only a
 * pg_trgm index would speed up the search, and a function's role cannot install that extension. Scanning thousands of
 * rows takes milliseconds.
 */
export async function list(
	db: Queryable,
	{ after, title = '', sort }: Omit<MovieQuery, 'limit'>,
	limit: number,
): Promise<Movie[]> {
	const order = listOrder('movies', keys, sort);
	const { rows } = await db.query<Movie>(
		`select ${columns} from movies
		 where ${after === undefined ? '$1::int is null' : order.after('$1')}
			and strpos(casefold(title collate pg_unicode_fast), casefold($2 collate pg_unicode_fast)) > 0
		 order by ${order.by} limit $3`,
		[after ?? null, title, limit],
	);
	if (!rows.length && after !== undefined && order.readsRow && !(await find(db, after))) throw goneAfter(after);
	return rows;
}

export async function find(db: Queryable, id: number): Promise<Movie | undefined> {
	const { rows } = await db.query<Movie>(`select ${columns} from movies where id = $1`, [id]);
	return rows[0];
}

export async function add(db: Queryable, { title, description }: MovieInput): Promise<Movie> {
	const { rows } = await db.query<Movie>(
		`insert into movies (title, description) values ($1, $2) returning ${columns}`,
		[title, description],
	);
	return rows[0] as Movie;
}

export async function replace(
	db: Queryable,
	id: number,
	{ title, description }: MovieInput,
): Promise<Movie | undefined> {
	const { rows } = await db.query<Movie>(
		`update movies set title = $2, description = $3 where id = $1 returning ${columns}`,
		[id, title, description],
	);
	return rows[0];
}

export async function remove(db: Queryable, id: number): Promise<boolean> {
	const { rowCount } = await db.query('delete from movies where id = $1', [id]);
	return rowCount === 1;
}
