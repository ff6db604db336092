import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asOwner, deliver, freshDatabase, recordedLog, type Serving, servingEvents } from '../../tests/testing.ts';
import * as events from './events.ts';
import books from './function.ts';
import * as http from './http.ts';

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
	const consumer = await servingEvents(books, { http, events }, { ownerUrl });
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
	const consumer = await servingEvents(books, { http, events }, { ownerUrl });
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

test('orders of the same books in any order never wait for each other in a circle', async () => {
	const log = recordedLog();
	const ownerUrl = await freshDatabase();
	// Two instances, because the orders of a lane wait for each other in one.
	const [one, other] = await Promise.all([1, 2].map(() => servingEvents(books, { http, events }, { ownerUrl })));
	const placed = Array.from({ length: 60 }, (_, index) => {
		const ids = [1, 2, 3, 4, 5].slice(0, 1 + (index % 5));
		const lines = ids
			.map((id) => ({ book_id: ((id + index) % 5) + 1, title: null, quantity: 1, unit_price: '1.00' }))
			.sort(() => (index % 2 ? 1 : -1));
		return { order_id: index + 1, customer_name: 'Ada', lines };
	});
	await asOwner(ownerUrl, (db) => db.query('update books.books set stock = 1000'));
	const answers = placed.map((data, index) =>
		deliver((index % 2 ? one : other) as Serving, {
			type: 'order.placed',
			from: 'orders',
			subject: data.order_id,
			data,
		}),
	);
	expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(60).fill(204));
	expect(log.filter(({ severity }) => severity === 'ERROR' || severity === 'WARNING')).toEqual([]);
	const { rows } = await asOwner(ownerUrl, (db) => db.query('select sum(1000 - stock)::int as sold from books.books'));
	expect(rows).toEqual([{ sold: placed.reduce((copies, { lines }) => copies + lines.length, 0) }]);
});
