import type { Queryable } from '../../kit/data/database.ts';
import { listOrder } from '../../kit/data/list-order.ts';
import { goneAfter } from '../../kit/http/pagination.ts';
import type { Book, BookInput, BookQuery } from './api.ts';

const columns = 'id, title, author, price, stock, created_at';

/** The collation of the root locale, as librarians sort: é with e, upper case with lower case (Unicode Collation Algorithm). */
const sorted = 'collate "und-x-icu"';
const keys = { added: 'id', title: `title ${sorted}`, author: `author ${sorted}`, price: 'price' };

/**
 * Lists books after the one with the id `after`. The text of the statement has only the conditions that are used, so that the
 * plan of each can use its index. `strpos` matches literally, without wildcards; the explicit collation makes É equal é.
 */
export async function list(
	db: Queryable,
	{ after, search = '', sort, in_stock, min_price, max_price, id }: Omit<BookQuery, 'limit'>,
	limit: number,
): Promise<Book[]> {
	const order = listOrder('books', keys, sort);
	const values: unknown[] = [];
	const conditions: string[] = [];
	const select = (value: unknown, condition: (parameter: string) => string): void => {
		if (value !== undefined && value !== '') conditions.push(condition(`$${values.push(value)}`));
	};
	select(after, order.after);
	select(
		search,
		(text) => `exists (select from (values (title), (author)) as texts (text)
			where strpos(casefold(text collate pg_unicode_fast), casefold(${text} collate pg_unicode_fast)) > 0)`,
	);
	select(in_stock, (wanted) => `(stock > 0) = ${wanted}`);
	select(min_price, (least) => `price >= ${least}`);
	select(max_price, (most) => `price <= ${most}`);
	select(id, (ids) => `id = any(${ids})`);
	const { rows } = await db.query<Book>(
		`select ${columns} from books where ${conditions.join(' and ') || 'true'} order by ${order.by} limit $${values.push(limit)}`,
		values,
	);
	if (!rows.length && after !== undefined && order.readsRow && !(await find(db, after))) throw goneAfter(after);
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
