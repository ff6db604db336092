import { expect, test } from 'vitest';
import type { Queryable } from '../../kit/data/database.ts';
import {
	asAdmin,
	asOwner,
	deliver,
	freshDatabase,
	recordedLog,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import type { Book } from './api.ts';
import { list } from './books.ts';
import * as events from './events.ts';
import books from './function.ts';
import * as http from './http.ts';

const room = { http, events };
const serveBooks = async () => serving(books, room, { ownerUrl: await freshDatabase() });

test('lists the five initial books', async () => {
	const { fetch } = await serveBooks();
	const list = (await (await fetch('/api/books')).json()) as Book[];
	expect(list.map(({ title, author, price }) => `${title}, ${author}, ${price}`)).toEqual([
		'Clean Code, Robert C. Martin, 29.99',
		'Design Patterns, Gang of Four, 39.99',
		'The Pragmatic Programmer, David Thomas, 34.99',
		'Refactoring, Martin Fowler, 44.99',
		'Domain-Driven Design, Eric Evans, 49.99',
	]);
});

test('an admin adds, replaces and removes a book', async () => {
	const { fetch } = await serveBooks();
	const input = { title: 'Release It!', author: 'Michael Nygard', price: 41.5, stock: 3 };
	const added = await fetch('/api/books', { method: 'POST', headers: asAdmin, body: input });
	expect(added.status).toBe(201);
	const book = (await added.json()) as Book;
	expect(book).toMatchObject({ title: 'Release It!', price: '41.50', stock: 3 });
	const at = added.headers.get('location') ?? '';
	expect(await (await fetch(at)).json()).toEqual(book);
	const replaced = await fetch(at, { method: 'PUT', headers: asAdmin, body: { ...input, price: '9.9', stock: 0 } });
	expect(await replaced.json()).toEqual({ ...book, price: '9.90', stock: 0 });
	expect((await fetch(at, { method: 'DELETE', headers: asAdmin })).status).toBe(204);
	expect((await fetch(at)).status).toBe(404);
	expect((await fetch(at, { method: 'DELETE', headers: asAdmin })).status).toBe(404);
});

test('only an admin can change the books', async () => {
	const { fetch } = await serveBooks();
	const none = await fetch('/api/books', { method: 'POST', body: {} });
	expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="bodega"']);
	const wrong = await fetch('/api/books/1', { method: 'DELETE', headers: { authorization: 'Bearer guess' } });
	expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([
		401,
		'Bearer realm="bodega", error="invalid_token"',
	]);
	expect((await fetch('/api/books/1')).status).toBe(200);
});

const add = (fetch: Serving['fetch'], book: object) =>
	fetch('/api/books', { method: 'POST', headers: asAdmin, body: { author: 'Anon', price: 1, stock: 1, ...book } });

/** Returns the titles of a list, from pages of two. */
async function titlesOf(fetch: Serving['fetch'], query: string): Promise<string[]> {
	const titles: string[] = [];
	let next: string | undefined = `/api/books?limit=2&${query}`;
	while (next) {
		const answer: Response = await fetch(next);
		for (const { title } of (await answer.json()) as Book[]) titles.push(title);
		next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
	}
	return titles;
}

const [clean, patterns, pragmatic, refactoring, domain] = [
	...['Clean Code', 'Design Patterns', 'The Pragmatic Programmer', 'Refactoring', 'Domain-Driven Design'],
];

test.each([
	['', [clean, patterns, pragmatic, refactoring, domain, 'école', 'Zadig']],
	['sort=-added', ['Zadig', 'école', domain, refactoring, pragmatic, patterns, clean]],
	['sort=title', [clean, patterns, domain, 'école', refactoring, pragmatic, 'Zadig']],
	['sort=-price', [domain, refactoring, patterns, pragmatic, clean, 'Zadig', 'école']],
	['sort=author', [pragmatic, 'école', domain, patterns, refactoring, clean, 'Zadig']],
	['sort=price&min_price=34.99&max_price=44.99', [pragmatic, patterns, refactoring]],
	['sort=title&in_stock=false', ['école', 'Zadig']],
	['in_stock=true&search=design', [patterns, domain]],
	['id=5&id=2&id=99', [patterns, domain]],
	['id=3', [pragmatic]],
])('lists the books of "%s" in pages, each once', async (query, titles) => {
	const { fetch } = await serveBooks();
	// Equal prices, so that the id decides.
	await add(fetch, { title: 'école', author: 'Éluard', stock: 0 });
	await add(fetch, { title: 'Zadig', author: 'voltaire', stock: 0 });
	expect(await titlesOf(fetch, query)).toEqual(titles);
});

test.each([
	['sort', 'sort=stock'],
	['sort', 'sort=price&sort=title'],
	['in_stock', 'in_stock=yes'],
	['max_price', 'max_price=cheap'],
	['id', `id=${Array.from({ length: 21 }, (_, index) => index + 1).join('&id=')}`],
	['id.0', 'id=one'],
])('answers 422 and names a wrong %s: %s', async (field, query) => {
	const { fetch } = await serveBooks();
	const answer = await fetch(`/api/books?${query}`);
	expect([answer.status, ((await answer.json()) as { errors: { field: string }[] }).errors[0]?.field]).toEqual([
		422,
		`query.${field}`,
	]);
});

test('does not end a sorted list early when the last book of a page is removed', async () => {
	const { fetch } = await serveBooks();
	await fetch('/api/books/1', { method: 'DELETE', headers: asAdmin });
	const answer = await fetch('/api/books?sort=price&limit=2&after=1');
	expect([answer.status, await answer.text()]).toEqual([
		422,
		expect.stringContaining('row 1 does not exist any more; start again without `after`'),
	]);
	expect((await fetch('/api/books?limit=2&after=1')).status).toBe(200);
});

test.each(['title', 'author', 'price'])('reads a page sorted by %s from an index, in both directions', async (sort) => {
	const ownerUrl = await freshDatabase();
	await asOwner(ownerUrl, async (db) => {
		await db.query(`set search_path to books; insert into books (title, author, price, stock)
			select 'Book ' || n, 'Author ' || n, n % 100, 1 from generate_series(1, 5000) n; analyze books`);
		for (const direction of ['', '-'] as const) {
			const statements: string[] = [];
			const query = async (text: string, values: unknown[]) => {
				statements.push(JSON.stringify((await db.query(`explain ${text}`, values)).rows));
				return { rows: [{}] };
			};
			await list({ query } as unknown as Queryable, { sort: `${direction}${sort}` as 'title', after: 9 }, 25);
			expect(statements.join()).toMatch(new RegExp(`Index Scan ${direction && 'Backward '}using books_by_${sort} `));
			expect(statements.join()).toContain('Index Cond: (ROW(');
		}
	});
});

const ordered = (...lines: readonly (readonly [book_id: number, quantity: number])[]) =>
	lines.map(([book_id, quantity]) => ({ book_id, title: `Title ${book_id}`, quantity, unit_price: '29.99' }));
const order = { order_id: 1, customer_name: 'Ada', lines: ordered([1, 4]) };

test('reserves the copies of an order once, even if its event is delivered repeatedly', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const event = { type: 'order.placed', from: 'orders', subject: 1, data: order, id: 'one' } as const;
	const answers = await Promise.all([1, 2, 3].map(() => deliver(consumer, event)));
	expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
	await asOwner(ownerUrl, async (db) => {
		expect((await db.query('select stock from books.books where id = 1')).rows).toEqual([{ stock: 6 }]);
		expect(
			(await db.query(`select type, subject, data from eventing.events where source = '/functions/books'`)).rows,
		).toEqual([{ type: 'dev.bodega.stock.reserved', subject: '1', data: order }]);
		expect((await db.query('select trigger, attempts from eventing.deliveries')).rows).toEqual([
			{ trigger: 'books-on-order-placed', attempts: 1 },
		]);
	});
});

test.each([
	['of a customer without an account', {}],
	['of an account, which the event names', { account_id: '0198c0de-0000-7000-8000-000000000001' }],
])('rejects an order for more copies than are in stock, with the reason, and reserves none: %s', async (_, account) => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	await deliver(consumer, {
		type: 'order.placed',
		from: 'orders',
		subject: 1,
		data: { ...order, lines: ordered([1, 11]), ...account },
	});
	await asOwner(ownerUrl, async (db) => {
		expect((await db.query('select stock from books.books where id = 1')).rows).toEqual([{ stock: 10 }]);
		const { rows } = await db.query(`select type, data from eventing.events where source = '/functions/books'`);
		expect(rows).toEqual([
			{
				type: 'dev.bodega.stock.rejected',
				data: { order_id: 1, reason: 'only 10 of "Clean Code" left, 11 ordered', ...account },
			},
		]);
	});
});

test('reserves all lines of an order or none, and names each book that lacks copies', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const place = (order_id: number, lines: typeof order.lines) =>
		deliver(consumer, { type: 'order.placed', from: 'orders', subject: order_id, data: { ...order, order_id, lines } });
	await place(1, ordered([5, 2], [1, 3]));
	await place(2, ordered([2, 1], [99, 1], [1, 8], [5, 9]));
	await asOwner(ownerUrl, async (db) => {
		expect((await db.query('select array_agg(stock order by id) as stock from books.books')).rows).toEqual([
			{ stock: [7, 10, 10, 10, 8] },
		]);
		const { rows } = await db.query(
			`select type, subject, data -> 'reason' as reason from eventing.events where type like '%.stock.%' order by id`,
		);
		expect(rows).toEqual([
			{ type: 'dev.bodega.stock.reserved', subject: '5', reason: null },
			{
				type: 'dev.bodega.stock.rejected',
				subject: '2',
				reason:
					'only 7 of "Clean Code" left, 8 ordered; only 8 of "Domain-Driven Design" left, 9 ordered; "Title 99" is no longer on sale',
			},
		]);
	});
});

test('handles an event of the release before this one, whose orders had one book', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const before = { order_id: 1, book_id: 2, customer_name: 'Ada', quantity: 4, unit_price: '39.99' };
	const event = { type: 'order.placed', from: 'orders', subject: 1, data: before as unknown as typeof order } as const;
	expect((await deliver(consumer, event)).status).toBe(204);
	await asOwner(ownerUrl, async (db) => {
		expect((await db.query('select stock from books.books where id = 2')).rows).toEqual([{ stock: 6 }]);
		const { rows } = await db.query(`select data from eventing.events where type like '%.stock.reserved'`);
		const lines = [{ book_id: 2, title: null, quantity: 4, unit_price: '39.99' }];
		expect(rows).toEqual([{ data: { order_id: 1, customer_name: 'Ada', lines } }]);
	});
});

test('fifty parallel orders for the last ten copies reserve exactly ten', async () => {
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const deliveries = Array.from({ length: 50 }, (_, order_id) =>
		deliver(consumer, {
			type: 'order.placed',
			from: 'orders',
			subject: order_id,
			data: { ...order, order_id, lines: ordered([1, 1]) },
		}),
	);
	expect((await Promise.all(deliveries)).map(({ status }) => status)).toEqual(Array(50).fill(204));
	await asOwner(ownerUrl, async (db) => {
		expect((await db.query('select stock from books.books where id = 1')).rows).toEqual([{ stock: 0 }]);
		const { rows } = await db.query(
			`select type, count(*), count(distinct data ->> 'order_id') as orders from eventing.events where type like '%.stock.%' group by type order by type`,
		);
		expect(rows).toEqual([
			{ type: 'dev.bodega.stock.rejected', count: 40, orders: 40 },
			{ type: 'dev.bodega.stock.reserved', count: 10, orders: 10 },
		]);
	});
});

test('answers 500 to an event that it cannot handle, so that it is retried, and records the attempt with its error', async () => {
	recordedLog();
	const ownerUrl = await freshDatabase();
	const consumer = await servingEvents(books, room, { ownerUrl });
	const event = { type: 'order.placed', from: 'orders', subject: 1, data: order, id: 'one' } as const;
	const noted = async (): Promise<unknown[]> =>
		(
			await asOwner(ownerUrl, (db) =>
				db.query(
					`select attempts, handled_at is not null as handled, failures -> -1 ->> 'error' as last_error from eventing.deliveries`,
				),
			)
		).rows;
	const poison = { ...event, data: { ...order, lines: 'four' as unknown as typeof order.lines } };
	for (const _ of [1, 2]) expect((await deliver(consumer, poison)).status).toBe(500);
	expect(await noted()).toEqual([{ attempts: 2, handled: false, last_error: expect.stringContaining('lines') }]);
	await asOwner(ownerUrl, (db) => db.query('update eventing.events set data = $1', [order]));
	expect((await deliver(consumer, event)).status).toBe(204);
	expect(await noted()).toEqual([{ attempts: 3, handled: true, last_error: expect.stringContaining('lines') }]);
});

test('rejects requests without an event, and events that it does not react to', async () => {
	recordedLog();
	const consumer = await servingEvents(books, room, { ownerUrl: await freshDatabase() });
	expect((await consumer.fetch('/')).headers.get('allow')).toBe('POST');
	expect((await consumer.fetch('/', { method: 'POST', body: order })).status).toBe(400);
	const invoice = { invoice_id: '0198c0de-0000-7000-8000-000000000001', order_id: 1, total_amount: '1.00' };
	const stray = { type: 'invoice.issued', from: 'billing', subject: 1, data: invoice } as const;
	expect((await deliver(consumer, stray)).status).toBe(500);
	const foreign = { 'ce-specversion': '1.0', 'ce-id': '9', 'ce-source': '/other', 'ce-type': 'order.placed' };
	expect((await consumer.fetch('/', { method: 'POST', headers: foreign, body: order })).status).toBe(500);
});

test.each([
	['title, in any case', 'cLEAN', ['Clean Code']],
	['author', 'fowler', ['Refactoring']],
	['literal text without wildcards', '%', []],
	[
		'an empty text, which matches all',
		'',
		['Clean Code', 'Design Patterns', 'The Pragmatic Programmer', 'Refactoring', 'Domain-Driven Design'],
	],
])('searches books by %s', async (_, search, titles) => {
	const { fetch } = await serveBooks();
	const answer = await fetch(`/api/books?search=${encodeURIComponent(search)}`);
	expect(((await answer.json()) as Book[]).map(({ title }) => title)).toEqual(titles);
});
