import type { PlacedOrder } from '../../eventing/catalog/orders.ts';
import type { Decision } from '../../eventing/outbox.ts';

/** The id of the order, which is $1 in each statement. */
const order = `($1::jsonb -> 'order_id')::integer`;
/** The subject of an event about the stock: the first book of the order. */
const subject = `$1::jsonb -> 'lines' -> 0 ->> 'book_id' as subject`;
/** The account of the order, which is missing in the data of its events if the customer had none. */
const account = `jsonb_strip_nulls(jsonb_build_object('account_id', $1::jsonb -> 'account_id'))`;

/**
 * Takes the copies of all lines out of the stock, or none if a book has too few of them. Each book is in one line. Locks the
 * books in the order of their ids, so two orders never wait for each other in a circle. An order that was cancelled first takes
 * none, and has no event.
 */
export const reserve = (placed: PlacedOrder): Decision => ({
	with: `
		wanted as (select * from jsonb_to_recordset($1::jsonb -> 'lines') as line (book_id integer, title text, quantity integer)),
		held as (select id, title, stock from books where id in (select book_id from wanted) order by id for update),
		lacking as (
			select book_id, coalesce(held.title, wanted.title) as title, quantity, stock
			from wanted left join held on id = book_id where stock is null or stock < quantity),
		reserved as (
			insert into reservations (order_id, lines)
			select ${order}, jsonb_agg(jsonb_build_object('book_id', book_id, 'quantity', quantity)) from wanted
			having not exists (select from lacking)
			on conflict do nothing returning order_id),
		taken as (
			update books set stock = books.stock - quantity from wanted
			where id = book_id and exists (select from reserved))`,
	events: `
		select 'stock.reserved' as type, ${subject}, $1::jsonb as data from reserved
		union all
		select 'stock.rejected', ${subject}, jsonb_build_object('order_id', ${order}, 'reason', string_agg(
			case when stock is null then coalesce('"' || title || '"', 'book ' || book_id) || ' is no longer on sale'
			else format('only %s of "%s" left, %s ordered', stock, title, quantity) end, '; ' order by book_id)) || ${account}
		from lacking having count(*) > 0`,
	values: [JSON.stringify(placed)],
});

/**
 * Returns the copies of a cancelled order to the stock, once. If the order has not taken any, it never will: the key of its
 * reservation is taken. The row of the reservation decides which of the two was first. Locks the books in the order of their ids.
 */
export const giveBack = (cancelled: PlacedOrder): Decision => ({
	with: `
		returned as (
			insert into reservations (order_id, lines, returned_at) select ${order}, '[]', now()
			on conflict (order_id) do update set returned_at = now() where reservations.returned_at is null returning lines),
		copies as (
			select book_id, quantity from returned, jsonb_to_recordset(lines) as line (book_id integer, quantity integer)),
		held as (select id from books where id in (select book_id from copies) order by id for update),
		added as (update books set stock = stock + quantity from copies join held on held.id = book_id where books.id = book_id)`,
	events: `
		select 'stock.returned' as type, ${subject},
			jsonb_build_object('order_id', ${order}, 'lines', lines) || ${account} as data
		from returned where lines <> '[]'`,
	values: [JSON.stringify(cancelled)],
});
