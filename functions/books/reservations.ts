import type { PlacedOrder } from '../../eventing/catalog/orders.ts';
import type { Queryable } from '../../kit/data/database.ts';

/** A line of an order whose copies are not in stock; `stock` is null if the book is no longer on sale. */
export interface Lack {
	readonly book_id: number;
	readonly title: string | null;
	readonly quantity: number;
	readonly stock: number | null;
}

/**
 * Takes the copies of all lines out of the stock, or none if a book has too few of them. Each book is in one line. Locks the
 * books in the order of their ids, so two orders never wait for each other in a circle.
 * @returns whether the copies are taken, and the lines that lack copies. An order that was cancelled first has neither.
 */
export async function reserve(
	db: Queryable,
	{ order_id, lines }: PlacedOrder,
): Promise<{ readonly isReserved: boolean; readonly lacking: readonly Lack[] }> {
	const { rows } = await db.query<{ is_reserved: boolean; lacking: Lack[] }>(
		`with wanted as (select * from jsonb_to_recordset($2) as line (book_id integer, title text, quantity integer)),
		held as (select id, title, stock from books where id in (select book_id from wanted) order by id for update),
		lacking as (
			select book_id, coalesce(held.title, wanted.title) as title, quantity, stock
			from wanted left join held on id = book_id where stock is null or stock < quantity),
		reserved as (
			insert into reservations (order_id, lines)
			select $1, jsonb_agg(jsonb_build_object('book_id', book_id, 'quantity', quantity)) from wanted
			having not exists (select from lacking)
			on conflict do nothing returning order_id),
		taken as (
			update books set stock = books.stock - quantity from wanted
			where id = book_id and exists (select from reserved))
		select exists (select from reserved) as is_reserved,
			coalesce((select json_agg(lacking order by book_id) from lacking), '[]') as lacking`,
		[order_id, JSON.stringify(lines)],
	);
	const [{ is_reserved = false, lacking = [] } = {}] = rows;
	return { isReserved: is_reserved, lacking };
}

interface Copies {
	readonly book_id: number;
	readonly quantity: number;
}

/**
 * Returns the copies of a cancelled order to the stock, once. If the order has not taken any, it never will: the key of its
 * reservation is taken. The row of the reservation decides which of the two was first.
 * @returns the copies; none if there were none to return
 */
export async function giveBack(db: Queryable, order_id: number): Promise<readonly Copies[]> {
	const { rows } = await db.query<{ lines: Copies[] }>(
		`insert into reservations (order_id, lines, returned_at) values ($1, '[]', now())
		 on conflict (order_id) do update set returned_at = now() where reservations.returned_at is null returning lines`,
		[order_id],
	);
	const copies = rows[0]?.lines ?? [];
	if (copies.length)
		await db.query(
			`with returned as (select * from jsonb_to_recordset($1) as line (book_id integer, quantity integer)),
			held as (select id from books where id in (select book_id from returned) order by id for update)
			update books set stock = stock + quantity from returned join held on held.id = book_id where books.id = book_id`,
			[JSON.stringify(copies)],
		);
	return copies;
}
