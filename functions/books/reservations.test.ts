import { expect, test } from 'vitest';
import { asOwner, deliver, freshDatabase, type Serving, servingEvents } from '../../tests/testing.ts';
import * as events from './events.ts';
import books from './function.ts';
import * as http from './http.ts';

const orderOf = (order_id: number, quantity = 4) => ({
	order_id,
	customer_name: 'Ada',
	lines: [3, 1].map((book_id) => ({ book_id, title: `Title ${book_id}`, quantity, unit_price: '29.99' })),
});
const place = (to: Serving, order_id: number, quantity?: number): Promise<Response> => {
	const data = orderOf(order_id, quantity);
	return deliver(to, { type: 'order.placed', from: 'orders', subject: order_id, data, id: `placed ${order_id}` });
};
const cancel = (to: Serving, order_id: number, id = `cancelled ${order_id}`): Promise<Response> =>
	deliver(to, { type: 'order.cancelled', from: 'orders', subject: order_id, data: orderOf(order_id), id });

/** Returns the stock of the first and the third book, and the types of the events, with how many there are. */
async function stateOf(ownerUrl: string): Promise<{ stock: number[]; events: Record<string, number> }> {
	return await asOwner(ownerUrl, async (db) => {
		const { rows } = await db.query<{ stock: number }>('select stock from books.books where id in (1, 3) order by id');
		const { rows: types } = await db.query<{ type: string; count: number }>(
			`select replace(type, 'dev.bodega.', '') as type, count(*) from eventing.events where source = '/functions/books' group by 1`,
		);
		return {
			stock: rows.map(({ stock }) => stock),
			events: Object.fromEntries(types.map(({ type, count }) => [type, count])),
		};
	});
}

test('returns the copies of a cancelled order once', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, { http, events }, { ownerUrl });
	await place(consumer, 1);
	expect((await stateOf(ownerUrl)).stock).toEqual([6, 6]);
	for (const id of ['one', 'one', 'two']) expect((await cancel(consumer, 1, id)).status).toBe(204);
	expect(await stateOf(ownerUrl)).toEqual({ stock: [10, 10], events: { 'stock.reserved': 1, 'stock.returned': 1 } });
	const { rows } = await asOwner(ownerUrl, (db) =>
		db.query(`select subject, data from eventing.events where type like '%.stock.returned'`),
	);
	const lines = [
		{ book_id: 3, quantity: 4 },
		{ book_id: 1, quantity: 4 },
	];
	expect(rows).toEqual([{ subject: '3', data: { order_id: 1, lines } }]);
});

test('takes no copies for an order that was cancelled first', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, { http, events }, { ownerUrl });
	await cancel(consumer, 1);
	await place(consumer, 1);
	expect(await stateOf(ownerUrl)).toEqual({ stock: [10, 10], events: {} });
});

test('returns nothing for a rejected order, and nothing to a book that was removed', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, { http, events }, { ownerUrl });
	await place(consumer, 1, 11);
	await cancel(consumer, 1);
	expect(await stateOf(ownerUrl)).toEqual({ stock: [10, 10], events: { 'stock.rejected': 1 } });
	await place(consumer, 2);
	await asOwner(ownerUrl, (db) => db.query('delete from books.books where id = 3'));
	await cancel(consumer, 2);
	expect((await stateOf(ownerUrl)).stock).toEqual([10]);
});

test('holds the stock together when orders and their cancellations arrive in parallel, at two instances', async () => {
	const ownerUrl = await freshDatabase();
	const [one, other] = await Promise.all([1, 2].map(() => servingEvents(books, { http, events }, { ownerUrl })));
	await asOwner(ownerUrl, (db) => db.query('update books.books set stock = 500'));
	const deliveries = Array.from({ length: 60 }, (_, index) => {
		const id = index + 1;
		const [near, far] = (index % 2 ? [one, other] : [other, one]) as [Serving, Serving];
		if (id > 40) return [place(near, id)];
		return index % 3 ? [place(near, id), cancel(far, id)] : [cancel(far, id), place(near, id)];
	});
	expect(new Set((await Promise.all(deliveries.flat())).map(({ status }) => status))).toEqual(new Set([204]));
	const { stock, events: counts } = await stateOf(ownerUrl);
	// Twenty orders of four copies each were not cancelled.
	expect(stock).toEqual([420, 420]);
	expect((counts['stock.reserved'] ?? 0) - (counts['stock.returned'] ?? 0)).toBe(20);
});
