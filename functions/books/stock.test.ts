import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asOwner, deliver, freshDatabase, recordedLog, servingEvents } from '../../tests/testing.ts';
import * as events from './events.ts';
import books from './function.ts';
import * as http from './http.ts';

const room = { http, events };

/** Generates orders of one book, each delivered once or more, in batches of parallel deliveries. */
const story = fc
	.record({
		stock: fc.integer({ min: 0, max: 30 }),
		orders: fc.array(
			fc.record({ quantity: fc.integer({ min: 1, max: 12 }), deliveries: fc.integer({ min: 1, max: 3 }) }),
			{ minLength: 1, maxLength: 8 },
		),
	})
	.chain(({ stock, orders }) => {
		const deliveries = orders.flatMap(({ deliveries }, order) => Array<number>(deliveries).fill(order));
		return fc.record({
			stock: fc.constant(stock),
			quantities: fc.constant(orders.map(({ quantity }) => quantity)),
			arrivals: fc.shuffledSubarray(deliveries, { minLength: deliveries.length }),
			batch: fc.integer({ min: 1, max: 8 }),
		});
	});

test('sells no copy twice and loses none, under any interleaving of orders', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const shelf = { title: 'A', author: 'B', price: '1.00' };
	await asOwner(ownerUrl, (db) =>
		fc.assert(
			fc.asyncProperty(story, async ({ stock, quantities, arrivals, batch }) => {
				const { rows } = await db.query<{ id: number }>(
					'insert into books.books (title, author, price, stock) values ($1, $2, $3, $4) returning id',
					[...Object.values(shelf), stock],
				);
				const book_id = rows[0]?.id as number;
				const place = (order: number): Promise<Response> =>
					deliver(consumer, {
						type: 'order.placed',
						from: 'orders',
						subject: order,
						id: `${book_id}-${order}`,
						data: {
							// No other story has this order.
							order_id: book_id * 100 + order,
							customer_name: 'Ada',
							lines: [{ book_id, title: 'A', quantity: quantities[order] ?? 0, unit_price: '1.00' }],
						},
					});
				for (let first = 0; first < arrivals.length; first += batch)
					for (const { status } of await Promise.all(arrivals.slice(first, first + batch).map(place)))
						expect(status).toBe(204);

				const { rows: outcomes } = await db.query<{ reserved: boolean; order: number }>(
					`select type like '%reserved' as reserved, (data ->> 'order_id')::int % 100 as order
					 from eventing.events where type like '%.stock.%' and subject = $1`,
					[String(book_id)],
				);
				// Each order has one outcome, even if it was delivered repeatedly.
				expect(outcomes.map(({ order }) => order).sort()).toEqual([...quantities.keys()]);
				const sold = outcomes.reduce((sum, { reserved, order }) => sum + (reserved ? (quantities[order] ?? 0) : 0), 0);
				const { rows: left } = await db.query<{ stock: number }>('select stock from books.books where id = $1', [
					book_id,
				]);
				expect(left).toEqual([{ stock: stock - sold }]);
				// Every rejected order asked for more copies than are left, so no copies are held back.
				for (const { reserved, order } of outcomes)
					if (!reserved) expect(quantities[order]).toBeGreaterThan(stock - sold);
			}),
			{ numRuns: 40 },
		),
	);
}, 60_000);

test('orders of a locked book leave the connections to the orders of other books', async () => {
	recordedLog();
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const order = (book_id: number, order_id: number): Promise<Response> =>
		deliver(consumer, {
			type: 'order.placed',
			from: 'orders',
			subject: order_id,
			id: String(order_id),
			data: { order_id, customer_name: 'Ada', lines: [{ book_id, title: 'A', quantity: 1, unit_price: '1.00' }] },
		});
	const locked = Array.from({ length: 20 }, (_, index) => index + 1);
	await asOwner(ownerUrl, async (db) => {
		await db.query('begin; select from books.books where id = 1 for update');
		let waiting = locked.length;
		const answers = locked.map((id) => order(1, id).finally(() => (waiting -= 1)));
		const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
		await expect.poll(() => asOwner(ownerUrl, async (other) => (await other.query(waits)).rowCount)).toBe(1);
		expect((await order(2, 100)).status).toBe(204);
		expect(waiting).toBeGreaterThanOrEqual(locked.length - 2);
		await db.query('rollback');
		// The first one or two have waited in vain for the row.
		for (const { status } of await Promise.all(answers)) expect([204, 503]).toContain(status);
	});
	// The broker retries those.
	for (const { status } of await Promise.all(locked.map((id) => order(1, id)))) expect(status).toBe(204);
	const { rows } = await asOwner(ownerUrl, (db) => db.query('select stock from books.books where id < 3 order by id'));
	expect(rows).toEqual([{ stock: 0 }, { stock: 9 }]);
});

test('orders that share a transaction lock their book after everything else', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const order = (order_id: number): Promise<Response> =>
		deliver(consumer, {
			type: 'order.placed',
			from: 'orders',
			subject: order_id,
			id: `order ${order_id}`,
			data: { order_id, customer_name: 'Ada', lines: [{ book_id: 1, title: 'A', quantity: 1, unit_price: '1.00' }] },
		});
	const waits = `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
	/** Waits until a statement of the shop waits for a lock. */
	const blocked = (statement: string) =>
		expect
			.poll(() => asOwner(ownerUrl, async (db) => (await db.query<{ query: string }>(waits)).rows[0]?.query))
			.toContain(statement);
	await asOwner(ownerUrl, async (book) => {
		await book.query('begin; select from books.books where id = 1 for update');
		const first = order(1);
		await blocked('reservations');
		await asOwner(ownerUrl, async (inbox) => {
			// Another instance handles the third order at this moment.
			await inbox.query(`begin; insert into eventing.deliveries (source, id, trigger, attempts)
				values ('/functions/orders', 'order 3', 'books-on-order-placed', 1)`);
			const others = [order(2), order(3)];
			const emitted = `select from eventing.events where type like '%.order.placed'`;
			await expect.poll(() => asOwner(ownerUrl, async (db) => (await db.query(emitted)).rowCount)).toBe(3);
			await book.query('rollback');
			await blocked('eventing.deliveries');
			// The second order has come before the third in their transaction.
			await book.query('select from books.books where id = 1 for update nowait');
			await inbox.query('rollback');
			for (const { status } of await Promise.all([first, ...others])) expect(status).toBe(204);
		});
		expect((await book.query('select stock from books.books where id = 1')).rows).toEqual([{ stock: 7 }]);
	});
});

test('orders of several books never share a transaction, which would lock the books out of order', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const order = (order_id: number, ids: readonly number[]): Promise<Response> => {
		const lines = ids.map((book_id) => ({ book_id, title: 'A', quantity: 1, unit_price: '1.00' }));
		const data = { order_id, customer_name: 'Ada', lines };
		return deliver(consumer, { type: 'order.placed', from: 'orders', subject: order_id, data });
	};
	await asOwner(ownerUrl, async (db) => {
		await db.query('begin; select from books.books where id = 1 for update');
		const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
		const first = order(1, [1]);
		await expect.poll(() => asOwner(ownerUrl, async (other) => (await other.query(waits)).rowCount)).toBe(1);
		// All of them wait for the first one.
		const others = [2, 3, 4].flatMap((id) => [order(id, [5, 1]), order(id + 10, [1])]);
		const emitted = `select from eventing.events where type like '%.order.placed'`;
		await expect.poll(() => asOwner(ownerUrl, async (other) => (await other.query(emitted)).rowCount)).toBe(7);
		await db.query('rollback');
		for (const { status } of await Promise.all([first, ...others])) expect(status).toBe(204);
		const { rows } = await db.query<{ orders: number; transactions: number }>(
			`select count(*) as orders, count(distinct xmin::text) as transactions
			 from books.reservations where jsonb_array_length(lines) > 1`,
		);
		expect(rows).toEqual([{ orders: 3, transactions: 3 }]);
	});
});
