import type { Queryable } from '../../kit/data/database.ts';
import type { Book, BookInput } from './api.ts';

const columns = 'id, title, author, price, stock, created_at';

/** `strpos` matches literally, without wildcards. The explicit collation makes É equal é in any server locale. */
export async function list(db: Queryable, limit: number, after = 0, search = ''): Promise<Book[]> {
	const { rows } = await db.query<Book>(
		`select ${columns} from books
		 where id > $1 and ($3 = '' or exists (select from (values (title), (author)) as texts (text)
			where strpos(casefold(text collate pg_unicode_fast), casefold($3 collate pg_unicode_fast)) > 0))
		 order by id limit $2`,
		[after, limit, search],
	);
	return rows;
}

export async function find(db: Queryable, id: number): Promise<Book | undefined> {
	const { rows } = await db.query<Book>(`select ${columns} from books where id = $1`, [id]);
	return rows[0];
}

export async function add(db: Queryable, { title, author, price, stock }: BookInput): Promise<Book> {
	const { rows } = await db.query<Book>(
		`insert into books (title, author, price, stock) values ($1, $2, $3, $4) returning ${columns}`,
		[title, author, price, stock],
	);
	return rows[0] as Book;
}

export async function replace(
	db: Queryable,
	id: number,
	{ title, author, price, stock }: BookInput,
): Promise<Book | undefined> {
	const { rows } = await db.query<Book>(
		`update books set title = $2, author = $3, price = $4, stock = $5 where id = $1 returning ${columns}`,
		[id, title, author, price, stock],
	);
	return rows[0];
}

export async function remove(db: Queryable, id: number): Promise<boolean> {
	const { rowCount } = await db.query('delete from books where id = $1', [id]);
	return rowCount === 1;
}

/** Takes copies out of the stock if it has enough. The row lock serializes orders of the same book. */
export async function reserve(db: Queryable, id: number, quantity: number): Promise<boolean> {
	const { rowCount } = await db.query('update books set stock = stock - $2 where id = $1 and stock >= $2', [
		id,
		quantity,
	]);
	return rowCount === 1;
}
