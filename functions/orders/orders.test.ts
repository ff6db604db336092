import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { cut, databaseProxy } from '../../tests/database-proxy.ts';
import {
	asAdmin,
	asOwner,
	asUser,
	deliver,
	freshDatabase,
	listen,
	recordedLog,
	recordingSink,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import * as booksEvents from '../books/events.ts';
import books from '../books/function.ts';
import * as booksHttp from '../books/http.ts';
import type { Order } from './api.ts';
import * as events from './events.ts';
import orders from './function.ts';
import * as http from './http.ts';

const room = { http, events };
const of = (...lines: readonly (readonly [book_id: number, quantity: number])[]) => ({
	customer_name: 'Ada',
	lines: lines.map(([book_id, quantity]) => ({ book_id, quantity })),
});
const input = of([1, 2]);

interface Shop extends Serving {
	readonly ownerUrl: string;
	readonly books: Serving;
	place(body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Serves orders together with a real books function. */
async function shop(env: Record<string, string> = {}): Promise<Shop> {
	const ownerUrl = await freshDatabase();
	const beside = await serving(books, { http: booksHttp, events: booksEvents }, { ownerUrl });
	const served = await serving(orders, room, {
		ownerUrl,
		env: { FUNCTION_URLS: JSON.stringify({ books: beside.url }), ...env },
	});
	const place: Shop['place'] = (body = input, headers = {}) =>
		served.fetch('/api/orders', { method: 'POST', headers, body });
	return { ...served, ownerUrl, books: beside, place };
}

const outbox = async (ownerUrl: string): Promise<unknown[]> =>
	(await asOwner(ownerUrl, (db) => db.query('select source, type, subject, data from eventing.events order by id')))
		.rows;

test('places a pending order at the price of the book, with its event in the outbox', async () => {
	const sink = await recordingSink();
	const { fetch, place, ownerUrl } = await shop({ K_SINK: sink.url });
	const answer = await place({ ...input, customer_name: '  Ada Lovelace ' });
	expect(answer.status).toBe(201);
	const order = (await answer.json()) as Order;
	const lines = [{ book_id: 1, title: 'Clean Code', quantity: 2, unit_price: '29.99' }];
	expect(order).toMatchObject({
		...{ customer_name: 'Ada Lovelace', lines, total_amount: '59.98' },
		...{ status: 'pending', reason: null, settled_at: null, private: false },
	});
	const location = answer.headers.get('location');
	expect(location).toBe(`/api/orders/${order.id}`);
	expect(await (await fetch(location ?? '')).json()).toEqual(order);
	const data = { order_id: order.id, customer_name: 'Ada Lovelace', lines };
	expect(await outbox(ownerUrl)).toEqual([
		{ source: '/functions/orders', type: 'dev.bodega.order.placed', subject: String(order.id), data },
	]);
});

test('an order whose commit got no answer can be sent again with its key, and found without one', async () => {
	recordedLog();
	const { books: beside, ownerUrl } = await shop();
	const proxy = await databaseProxy(ownerUrl);
	const env = { FUNCTION_URLS: JSON.stringify({ books: beside.url }) };
	const { fetch } = await serving(orders, room, { ownerUrl: proxy.url, env });
	const place = async (headers: Record<string, string>): Promise<string> => {
		const { id, detail } = (await (
			await fetch('/api/orders', { method: 'POST', body: input, headers })
		).json()) as Partial<Order> & { detail?: string };
		return detail ?? `order ${id}`;
	};
	const key = { 'idempotency-key': 'k' };
	const unknown =
		'The database does not answer at the moment. It is not known whether the request was carried out. To find out,';
	proxy.intercept(cut('commit'));
	const again = 'send it again with the same Idempotency-Key: it is then carried out only once.';
	expect(await place(key)).toBe(`${unknown} ${again}`);
	expect(await place({})).toBe(`${unknown} look with GET /api/orders before you send it again.`);
	proxy.intercept(() => false);
	expect(await place(key)).toBe('order 1');
	await expect.poll(() => outbox(ownerUrl)).toHaveLength(2);
});

test('stores an order and its event together or not at all', async () => {
	recordedLog();
	const { place, ownerUrl } = await shop();
	await asOwner(ownerUrl, (db) => db.query('alter table eventing.events add check (false) not valid'));
	expect((await place()).status).toBe(500);
	expect((await asOwner(ownerUrl, (db) => db.query('select from orders.orders'))).rows).toEqual([]);
});

test.each([
	['lines.0.quantity', of([1, 0])],
	['lines.1.quantity', of([1, 1], [2, 1.5])],
	['lines.0.quantity', of([1, 50_001])],
	['customer_name', { ...input, customer_name: ' ' }],
	['lines.0.book_id', of([2 ** 31, 1])],
	['lines', of()],
	['lines', of([1, 1], [2, 1], [1, 3])],
	['lines', of(...Array.from({ length: 21 }, (_, index) => [index + 1, 1] as const))],
	['lines', { book_id: 1, customer_name: 'Ada', quantity: 2 }],
])('answers 422 and names a wrong %s: %j', async (field, body) => {
	const { place } = await shop();
	const answer = await place(body);
	expect(answer.status).toBe(422);
	expect(((await answer.json()) as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([
		`body.${field}`,
	]);
});

test('rejects an order for an unknown book with 404, and for more copies than are in stock with 409', async () => {
	const { place, ownerUrl } = await shop();
	expect((await place(of([1, 1], [99, 1]))).status).toBe(404);
	const scarce = await place(of([1, 11], [2, 10], [3, 12]));
	expect(scarce.status).toBe(409);
	expect(((await scarce.json()) as { detail: string }).detail).toBe(
		'There are 10 copies of "Clean Code", and the order is for 11. There are 10 copies of "The Pragmatic Programmer", and the order is for 12. Order fewer, or wait for new stock.',
	);
	expect(await outbox(ownerUrl)).toEqual([]);
});

test('answers 503 and stores no order while books does not answer', async () => {
	recordedLog();
	const failing = await listen(createServer((_req, res) => void res.writeHead(500).end()));
	for (const away of ['http://127.0.0.1:1', failing]) {
		const { place, fetch } = await shop({ FUNCTION_URLS: JSON.stringify({ books: away }) });
		const answer = await place();
		expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
		expect(await (await fetch('/api/orders')).json()).toEqual([]);
	}
});

test('answers 404 for an unknown order', async () => {
	const { fetch } = await shop();
	expect((await fetch('/api/orders/1')).status).toBe(404);
	expect((await fetch('/api/orders/one')).status).toBe(422);
});

test('returns the same order for a repeated Idempotency-Key', async () => {
	const { place, fetch, ownerUrl } = await shop();
	const key = { 'idempotency-key': 'a key' };
	const [first, again] = [await place(input, key), await place(input, key)];
	expect([first.status, again.status]).toEqual([201, 201]);
	expect(await again.json()).toEqual(await first.json());
	expect(again.headers.get('location')).toBe(first.headers.get('location'));
	expect(await (await fetch('/api/orders')).json()).toHaveLength(1);
	expect(await outbox(ownerUrl)).toHaveLength(1);
	expect(((await (await place(input, { 'idempotency-key': 'another' })).json()) as Order).id).not.toBe(1);
});

test('places one order for parallel requests with the same key', async () => {
	const { place, fetch, ownerUrl } = await shop();
	const answers = await Promise.all(Array.from({ length: 10 }, () => place(input, { 'idempotency-key': 'now' })));
	expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
	const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Order).id));
	expect(new Set(ids).size).toBe(1);
	expect(await (await fetch('/api/orders')).json()).toHaveLength(1);
	expect(await outbox(ownerUrl)).toHaveLength(1);
});

test('rejects a key that was used for a different order, with 422', async () => {
	const { place, fetch } = await shop();
	const key = { 'idempotency-key': 'a key' };
	await place(input, key);
	for (const other of [of([1, 3]), of([2, 2]), of([1, 2], [2, 1]), { customer_name: 'Bob' }]) {
		const answer = await place({ ...input, ...other }, key);
		expect([other, answer.status]).toEqual([other, 422]);
		const { detail, errors } = (await answer.json()) as { detail: string; errors: unknown[] };
		expect(detail).toBe('This Idempotency-Key was used for a different order. Use a new key for a new order.');
		expect(errors).toEqual([{ field: 'headers.idempotency-key', detail: 'used for a different order' }]);
	}
	expect(await (await fetch('/api/orders')).json()).toHaveLength(1);
});

test('answers a repeated request even if the book has sold out since', async () => {
	const { place, ownerUrl } = await shop();
	const key = { 'idempotency-key': 'a key' };
	await place(input, key);
	await asOwner(ownerUrl, (db) => db.query('update books.books set stock = 0'));
	expect((await place(input, key)).status).toBe(201);
});

const invoice = { invoice_id: '0198c0de-0000-7000-8000-000000000001', total_amount: '59.98' };

test.each([
	['wait=30', '30'],
	['respond-async, wait=7', '7'],
	['wait=3600', '30'],
])('with "Prefer: %s", delays the response until any instance settles the order', async (prefer, applied) => {
	// The order is placed when its event arrives at the broker; from then on the response waits.
	const placed = Promise.withResolvers<void>();
	const broker = createServer((_req, res) => {
		res.writeHead(202).end();
		placed.resolve();
	});
	const { place, ownerUrl } = await shop({ K_SINK: await listen(broker) });
	const consumer = await servingEvents(orders, room, { ownerUrl });
	const answering = place(input, { prefer });
	await placed.promise;
	await deliver(consumer, {
		type: 'invoice.issued',
		from: 'billing',
		subject: 1,
		data: { ...invoice, order_id: 1 },
	});
	const answer = await answering;
	expect([answer.status, answer.headers.get('preference-applied')]).toEqual([201, `wait=${applied}`]);
	expect(await answer.json()).toMatchObject({ id: 1, status: 'completed' });
});

test('returns a pending order when it is not settled in time, or without a wait preference', async () => {
	const { place } = await shop();
	const waited = await place(input, { prefer: 'wait=0' });
	expect([waited.status, waited.headers.get('preference-applied')]).toEqual([201, 'wait=0']);
	expect(await waited.json()).toMatchObject({ status: 'pending' });
	for (const prefer of ['respond-async', 'wait=soon', 'await=5']) {
		const answer = await place(input, { prefer });
		expect([prefer, answer.status, answer.headers.get('preference-applied')]).toEqual([prefer, 201, null]);
	}
});

test('returns a placed order with 201 even if waiting for it fails', async () => {
	const log = recordedLog();
	const { place, fetch, books, ownerUrl } = await shop();
	expect((await fetch('/api/orders')).status).toBe(200);
	expect((await books.fetch('/api/books')).status).toBe(200);
	// Each of the two functions has a connection. The limit leaves none for listening, so the wait polls.
	const database = new URL(ownerUrl).pathname.slice(1);
	await asOwner(ownerUrl, (db) => db.query(`alter database ${database} connection limit 2`));
	const placing = place(input, { prefer: 'wait=30' });
	await asOwner(ownerUrl, async (db) => {
		await expect.poll(async () => (await db.query('select from orders.orders')).rowCount).toBe(1);
		await db.query('begin; lock table orders.orders in access exclusive mode');
		const answer = await placing;
		expect(answer.status).toBe(201);
		expect(await answer.json()).toMatchObject({ id: 1, status: 'pending' });
	});
	expect(log.filter(({ severity }) => severity === 'WARNING').map(({ message }) => message)).toContain(
		'cannot wait for an order to be settled, so it is returned as placed',
	);
});

test('lists orders newest first, in pages', async () => {
	const { fetch, place } = await shop();
	for (const quantity of [1, 2, 3]) await place(of([1, quantity]));
	const page = await fetch('/api/orders?limit=2');
	expect(((await page.json()) as Order[]).map(({ lines }) => lines[0]?.quantity)).toEqual([3, 2]);
	expect(page.headers.get('link')).toBe('</api/orders?limit=2&after=2>; rel="next"');
	const last = await fetch('/api/orders?limit=2&after=2');
	expect(((await last.json()) as Order[]).map(({ lines }) => lines[0]?.quantity)).toEqual([1]);
	expect(last.headers.get('link')).toBeNull();
});

test('settles an order once: as completed by its invoice, or as rejected with the reason', async () => {
	const { fetch, place, ownerUrl } = await shop();
	const consumer = await servingEvents(orders, room, { ownerUrl });
	const statusOf = async (id: number): Promise<unknown> => {
		const { status, reason } = (await (await fetch(`/api/orders/${id}`)).json()) as Order;
		return [status, reason];
	};
	for (const _ of [1, 2]) await place();
	const rejected = {
		type: 'stock.rejected',
		from: 'books',
		subject: 1,
		data: { order_id: 1, reason: 'gone' },
	} as const;
	const issued = { type: 'invoice.issued', from: 'billing', subject: 1 } as const;
	expect((await deliver(consumer, rejected)).status).toBe(204);
	expect(await statusOf(1)).toEqual(['rejected', 'gone']);
	expect((await deliver(consumer, { ...issued, data: { ...invoice, order_id: 1 } })).status).toBe(204);
	expect(await statusOf(1)).toEqual(['rejected', 'gone']);
	expect((await deliver(consumer, { ...issued, data: { ...invoice, order_id: 2 } })).status).toBe(204);
	expect(await statusOf(2)).toEqual(['completed', null]);
	expect((await deliver(consumer, { ...issued, data: { ...invoice, order_id: null } })).status).toBe(204);
});

test('streams an order as it is and again when it is settled, then ends the stream', async () => {
	const { place, url, ownerUrl } = await shop();
	const { id } = (await (await place()).json()) as Order;
	const answer = await fetch(`${url}/api/orders/${id}`, { headers: { accept: 'text/event-stream' } });
	expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
	const states: string[] = [];
	const consumer = await servingEvents(orders, room, { ownerUrl });
	let text = '';
	for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
		text += Buffer.from(chunk).toString('utf8');
		const messages = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, json = '']) => JSON.parse(json) as Order);
		if (messages.length === 1 && states.length === 0)
			await deliver(consumer, {
				type: 'stock.rejected',
				from: 'books',
				subject: 1,
				data: { order_id: id, reason: 'none left' },
			});
		states.splice(0, states.length, ...messages.map(({ status, reason }) => `${status} ${reason}`));
	}
	expect(states).toEqual(['pending null', 'rejected none left']);
	const none = await fetch(`${url}/api/orders/999`, { headers: { accept: 'text/event-stream' } });
	expect([none.status, none.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
});

test('adds the account to the event, and gives each account its own Idempotency-Keys', async () => {
	const { place, ownerUrl } = await shop();
	const ada = randomUUID();
	const key = { 'idempotency-key': 'k' };
	const order = (await (await place(input, { ...asUser(ada), ...key })).json()) as Order;
	expect(order).not.toHaveProperty('account_id');
	expect(await (await place(input, { ...asUser(ada), ...key })).json()).toEqual(order);
	expect(await outbox(ownerUrl)).toEqual([
		expect.objectContaining({ data: expect.objectContaining({ account_id: ada }) }),
	]);
	const others = [await place(input, { ...asUser(), ...key }), await place(input, key)];
	expect(others.map(({ status }) => status)).toEqual([201, 201]);
	const ids = await Promise.all(others.map(async (other) => ((await other.json()) as Order).id));
	expect(new Set([order.id, ...ids]).size).toBe(3);
	// Customers without an account share their keys.
	expect(((await (await place(input, key)).json()) as Order).id).toBe(ids[1]);
	const different = await place(of([1, 1]), { ...asUser(ada), ...key });
	expect([different.status, (await different.text()).includes('Ada')]).toEqual([422, false]);
});

test('removes the name from the orders of a deleted account, which remain that account’s', async () => {
	const { place, ownerUrl } = await shop();
	const [ada, grace] = [randomUUID(), randomUUID()];
	for (const headers of [asUser(ada), asUser(grace), {}]) expect((await place(input, headers)).status).toBe(201);
	const consumer = await servingEvents(orders, room, { ownerUrl });
	const deleted = { type: 'account.deleted', from: 'users', subject: ada, data: { account_id: ada } } as const;
	expect((await deliver(consumer, deleted)).status).toBe(204);
	const { rows } = await asOwner(ownerUrl, (db) =>
		db.query('select customer_name, account_id from orders.orders order by id'),
	);
	expect(rows).toEqual([
		{ customer_name: 'deleted account', account_id: ada },
		{ customer_name: 'Ada', account_id: grace },
		{ customer_name: 'Ada', account_id: null },
	]);
});

/** Places orders of Ada, of nobody, of Grace and of nobody, and returns the callers and their headers. */
async function fourOrders() {
	const served = await shop();
	const callers = { ada: asUser(), grace: asUser(), stranger: {}, admin: asAdmin };
	for (const headers of [callers.ada, {}, callers.grace, {}])
		expect((await served.place(input, headers)).status).toBe(201);
	return { ...served, callers };
}

test.each([
	['stranger', [4, 2]],
	['ada', [4, 2, 1]],
	['grace', [4, 3, 2]],
	['admin', [4, 3, 2, 1]],
] as const)('lists for %s the orders %j, on one page and on pages of one', async (who, seen) => {
	const { fetch, callers } = await fourOrders();
	const headers = callers[who];
	const pages = async (path: string): Promise<number[][]> => {
		const answer = await fetch(path, { headers });
		const next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
		const ids = ((await answer.json()) as Order[]).map(({ id }) => id);
		return [ids, ...(next ? await pages(next) : [])];
	};
	expect(await pages('/api/orders')).toEqual([seen]);
	expect(await pages('/api/orders?limit=1')).toEqual(seen.map((id) => [id]));
	expect(await pages('/api/commandes?limit=2&after=4')).toEqual(seen.length > 3 ? [[3, 2], [1]] : [seen.slice(1)]);
});

test('lists one’s own orders, also for an admin, and for nobody without an account', async () => {
	const { fetch, callers } = await fourOrders();
	const mine = async (headers: Record<string, string>, query = ''): Promise<unknown> => {
		const answer = await fetch(`/api/orders/mine${query}`, { headers });
		return answer.ok ? ((await answer.json()) as Order[]).map(({ id }) => id) : answer.status;
	};
	expect(await mine(callers.ada)).toEqual([1]);
	expect(await mine(callers.grace)).toEqual([3]);
	expect(await mine(callers.grace, '?after=3')).toEqual([]);
	expect(await mine(callers.admin)).toEqual([]);
	expect(await mine(callers.stranger)).toBe(401);
});

test.each(['application/json', 'text/event-stream'])(
	'finds an account’s order for its customer and for admins only, as %s',
	async (accept) => {
		const { fetch, callers } = await fourOrders();
		const look = async (id: number, headers: Record<string, string>) => {
			const answer = await fetch(`/api/orders/${id}`, { headers: { ...headers, accept } });
			if (answer.ok) await answer.body?.cancel();
			return answer.ok ? 200 : ((await answer.json()) as { detail: string }).detail;
		};
		const none = (id: number) =>
			`There is no order ${id}. Perhaps it was deleted; get the list to see which ones exist.`;
		for (const headers of [callers.ada, callers.admin]) expect(await look(1, headers)).toBe(200);
		for (const headers of [callers.grace, callers.stranger]) {
			expect(await look(1, headers)).toBe(none(1));
			expect(await look(5, headers)).toBe(none(5));
			expect(await look(2, headers)).toBe(200);
		}
	},
);

test('an order of the release before this one has one line, and that release can read one of several', async () => {
	const { place, fetch, ownerUrl } = await shop();
	const { rows } = await asOwner(ownerUrl, async (db) => {
		await db.query(
			`insert into orders.orders (book_id, customer_name, quantity, unit_price) values (4, 'Ada', 3, 9.90)`,
		);
		await place(of([2, 1], [1, 2]));
		return await db.query('select book_id, quantity, unit_price from orders.orders where id = 2');
	});
	expect(await (await fetch('/api/orders/1')).json()).toMatchObject({
		lines: [{ book_id: 4, title: null, quantity: 3, unit_price: '9.90' }],
		total_amount: '29.70',
	});
	expect(rows).toEqual([{ book_id: 2, quantity: 1, unit_price: '39.99' }]);
});

test('exports the orders that the caller sees as CSV, with a record for each book and without formulas', async () => {
	const { fetch, place, callers } = await fourOrders();
	await place({ ...of([1, 2], [5, 1]), customer_name: '=1+1' });
	const read = async (path: string, headers: Record<string, string>) => {
		const answer = await fetch(path, { headers: { ...headers, accept: 'text/csv' } });
		expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
			200,
			'text/csv; charset=utf-8',
			'attachment; filename="orders.csv"',
		]);
		return (await answer.text()).split('\r\n');
	};
	const own = await read('/api/orders/mine', callers.ada);
	expect(own[0]).toBe(
		'order_id,created_at,customer_name,status,reason,settled_at,book_id,title,quantity,unit_price,amount',
	);
	expect(own[1]).toMatch(/^1,20[^,]+Z,Ada,pending,,,1,Clean Code,2,29\.99,59\.98$/);
	expect(own.slice(2)).toEqual(['']);
	const idsOf = (lines: readonly string[]) => lines.slice(1, -1).map((line) => line.split(',')[0]);
	expect(idsOf(await read('/api/orders', callers.stranger))).toEqual(['5', '5', '4', '2']);
	const all = await read('/api/orders', callers.admin);
	expect(idsOf(all)).toEqual(['5', '5', '4', '3', '2', '1']);
	expect(all[2]).toMatch(/,'=1\+1,pending,,,5,Domain-Driven Design,1,49\.99,49\.99$/);
});

test('exports more orders than one query reads', async () => {
	const { fetch, ownerUrl } = await shop();
	await asOwner(ownerUrl, (db) =>
		db.query(`insert into orders.orders (book_id, customer_name, quantity, unit_price)
			select 1, 'Ada', 1, 1 from generate_series(1, 2500)`),
	);
	const answer = await fetch('/api/orders', { headers: { accept: 'text/csv' } });
	const ids = (await answer.text())
		.split('\r\n')
		.slice(1, -1)
		.map((line) => Number(line.split(',')[0]));
	expect(ids).toEqual(Array.from({ length: 2500 }, (_, index) => 2500 - index));
});

test('reads no others’ orders to find the public ones or those of an account', async () => {
	const { ownerUrl } = await shop();
	await asOwner(ownerUrl, async (db) => {
		await db.query(`insert into orders.orders (book_id, customer_name, quantity, unit_price, account_id)
			select 1, 'Ada', 1, 1, gen_random_uuid() from generate_series(1, 5000)`);
		await db.query('analyze orders.orders');
		for (const condition of ['account_id is null', `account_id = '${randomUUID()}'`]) {
			const { rows } = await db.query(
				`explain select * from orders.orders where ${condition} and id < 9 order by id desc limit 9`,
			);
			expect(JSON.stringify(rows)).toMatch(/Index Scan Backward using orders_(public|account)/);
		}
	});
});
