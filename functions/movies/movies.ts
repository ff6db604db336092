import type { Queryable } from '../../kit/data/database.ts';
import type { Movie, MovieInput } from './api.ts';

const columns = 'id, title, description, created_at';

/**
 * In the order they were added; with `title`, those whose title has it in it, whatever the case. It is looked for as it is:
 * `strpos` knows no wildcards. The collation is named so that É is é whatever the locale of the server. No index helps to
 * find a part of a text but one of the extension pg_trgm, which a function's role may not install; a catalog of thousands
 * is read through in milliseconds.
 */
export async function list(db: Queryable, limit: number, after = 0, title = ''): Promise<Movie[]> {
	const { rows } = await db.query<Movie>(
		`select ${columns} from movies
		 where id > $1 and strpos(casefold(title collate pg_unicode_fast), casefold($3 collate pg_unicode_fast)) > 0
		 order by id limit $2`,
		[after, limit, title],
	);
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
