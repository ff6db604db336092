import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { cut, databaseProxy } from '../../tests/database-proxy.ts';
import {
	asAdmin,
	asOwner,
	asUser,
	deliver,
	freshDatabase,
	recordedLog,
	recordingSink,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import type { Invoice } from './api.ts';
import * as events from './events.ts';
import billing from './function.ts';
import * as http from './http.ts';

const room = { http, events };

interface Billing extends Serving {
	readonly ownerUrl: string;
	readonly consumer: Serving;
	ask(body: unknown): Promise<Response>;
}

async function serveBilling(): Promise<Billing> {
	const ownerUrl = await freshDatabase();
	const served = await serving(billing, room, { ownerUrl });
	const ask = (body: unknown): Promise<Response> => served.fetch('/api/billing', { method: 'POST', body });
	return { ...served, ownerUrl, consumer: await servingEvents(billing, room, { ownerUrl }), ask };
}

const input = { user_id: 1, number_of_items: 3, total_amount: 89.97 };
const lineOf = (book_id: number, quantity: number, unit_price: string) => ({
	book_id,
	title: `Title ${book_id}`,
	quantity,
	unit_price,
});
const order = { order_id: 7, customer_name: 'Ada', lines: [lineOf(1, 3, '29.99')] };
const reserved = { type: 'stock.reserved', from: 'books', subject: 1, data: order } as const;

interface Requested {
	invoice_id: string;
	user_id: number;
	number_of_items: number;
	total_amount: string;
}
const requested = async (ownerUrl: string): Promise<Requested[]> =>
	(
		await asOwner(ownerUrl, (db) =>
			db.query<{ data: Requested }>(`select data from eventing.events where type = 'dev.bodega.billing.requested'`),
		)
	).rows.map(({ data }) => data);

test.each([
	['numbers', input],
	['numbers in strings', { user_id: '1', number_of_items: ' 3 ', total_amount: '89.97' }],
])('accepts a request for an invoice with %s, and issues it when handling the event', async (_, body) => {
	const { fetch, ask, ownerUrl, consumer } = await serveBilling();
	const answer = await ask(body);
	expect(answer.status).toBe(202);
	const { id } = (await answer.json()) as { id: string };
	const location = answer.headers.get('location') ?? '';
	expect(location).toBe(`/api/billing/${id}`);
	const notYet = await fetch(location);
	expect(notYet.status).toBe(404);
	expect(((await notYet.json()) as { detail: string }).detail).toContain('try again shortly');
	const [data] = await requested(ownerUrl);
	expect(data).toEqual({ invoice_id: id, user_id: 1, number_of_items: 3, total_amount: '89.97' });
	await deliver(consumer, {
		type: 'billing.requested',
		from: 'billing',
		subject: id,
		data: data as Requested,
	});
	const invoice = await fetch(location);
	expect(invoice.status).toBe(200);
	expect(await invoice.json()).toMatchObject({
		id,
		order_id: null,
		user_id: 1,
		customer_name: null,
		lines: [],
		number_of_items: 3,
		total_amount: '89.97',
	});
});

test.each([
	['body.user_id', { ...input, user_id: -1 }],
	['body.user_id', { ...input, user_id: '' }],
	['body.number_of_items', { ...input, number_of_items: 0 }],
	['body.number_of_items', { ...input, number_of_items: '1.5' }],
	['body.number_of_items', { ...input, number_of_items: '9999999999' }],
	['body.total_amount', { ...input, total_amount: '1e3' }],
	['body.total_amount', { ...input, total_amount: -1 }],
	['body.total_amount', { ...input, total_amount: null }],
])('answers 422 and names a wrong %s, without emitting an event: %j', async (field, body) => {
	const { ask, ownerUrl } = await serveBilling();
	const answer = await ask(body);
	expect(answer.status).toBe(422);
	expect(((await answer.json()) as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([
		field,
	]);
	expect(await requested(ownerUrl)).toEqual([]);
});

test('requests one invoice for each Idempotency-Key of an account, even in parallel', async () => {
	const { fetch, ownerUrl } = await serveBilling();
	const ask = async (body: unknown, headers = {}): Promise<unknown> => {
		const answer = await fetch('/api/billing', {
			method: 'POST',
			body,
			headers: { 'idempotency-key': 'k', ...headers },
		});
		const { id, detail } = (await answer.json()) as { id?: string; detail?: string };
		return answer.status === 202 ? id : [answer.status, detail];
	};
	const ids = await Promise.all(Array.from({ length: 5 }, () => ask(input)));
	expect(new Set(ids).size).toBe(1);
	// The same amount in another form.
	expect(await ask({ ...input, user_id: '1', total_amount: ' 89.97 ' })).toBe(ids[0]);
	for (const other of [{ user_id: 2 }, { number_of_items: 4 }, { total_amount: 89.96 }])
		expect(await ask({ ...input, ...other })).toEqual([
			422,
			'This Idempotency-Key was used for a different invoice. Use a new key for a new invoice.',
		]);
	const ada = asUser();
	const hers = await ask(input, ada);
	expect(hers).not.toBe(ids[0]);
	expect(await ask(input, ada)).toBe(hers);
	expect(await ask(input, { 'idempotency-key': 'l' })).not.toBe(ids[0]);
	expect(await requested(ownerUrl)).toHaveLength(3);
});

test('a request whose commit got no answer can be sent again with its key', async () => {
	recordedLog();
	const ownerUrl = await freshDatabase();
	const proxy = await databaseProxy(ownerUrl);
	const { fetch } = await serving(billing, room, { ownerUrl: proxy.url });
	const ask = async (headers: Record<string, string>): Promise<[number, string]> => {
		const answer = await fetch('/api/billing', { method: 'POST', body: input, headers });
		return [answer.status, ((await answer.json()) as { detail?: string }).detail ?? ''];
	};
	proxy.intercept(cut('commit'));
	expect(await ask({})).toEqual([503, expect.stringContaining('Expect that it was when you send it again.')]);
	const key = { 'idempotency-key': 'k' };
	expect(await ask(key)).toEqual([503, expect.stringContaining('send it again with the same Idempotency-Key')]);
	proxy.intercept(() => false);
	expect(await ask(key)).toEqual([202, '']);
	await expect.poll(() => requested(ownerUrl)).toHaveLength(2);
});

test('issues one invoice for an order with reserved stock, even if the event is delivered repeatedly', async () => {
	const { fetch, ownerUrl, consumer } = await serveBilling();
	const event = { ...reserved, id: 'one' };
	const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(consumer, event)));
	expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(204));
	const invoices = (await (await fetch('/api/billing?order_id=7', { headers: asAdmin })).json()) as Invoice[];
	expect(invoices).toHaveLength(1);
	expect(invoices[0]).toMatchObject({
		order_id: 7,
		user_id: null,
		customer_name: 'Ada',
		number_of_items: 3,
		total_amount: '89.97',
	});
	await asOwner(ownerUrl, async (db) => {
		expect(
			(await db.query(`select type, subject, data from eventing.events where source = '/functions/billing'`)).rows,
		).toEqual([
			{
				type: 'dev.bodega.invoice.issued',
				subject: invoices[0]?.id,
				data: { invoice_id: invoices[0]?.id, order_id: 7, total_amount: '89.97' },
			},
		]);
	});
});

test.each([
	['of a book', [lineOf(1, 3, '0.10')], 3, '0.30'],
	['of several', [lineOf(1, 3, '0.10'), lineOf(2, 1, '0.20'), lineOf(9, 2, '29.99')], 6, '60.48'],
	['of the most that an order can cost', [lineOf(1, 1_000_000, '99999999.99')], 1_000_000, '99999999990000.00'],
])('issues an invoice with the lines and the exact total %s', async (_, lines, number_of_items, total_amount) => {
	const { fetch, consumer } = await serveBilling();
	expect((await deliver(consumer, { ...reserved, data: { ...order, lines } })).status).toBe(204);
	const invoices = await (await fetch('/api/billing', { headers: asAdmin })).json();
	expect(invoices).toMatchObject([{ lines, number_of_items, total_amount }]);
});

test('issues an invoice for an event of the release before this one, whose orders had one book', async () => {
	const { fetch, consumer } = await serveBilling();
	const before = { order_id: 7, book_id: 1, customer_name: 'Ada', quantity: 3, unit_price: '29.99' };
	expect((await deliver(consumer, { ...reserved, data: before as unknown as typeof order })).status).toBe(204);
	expect(await (await fetch('/api/billing', { headers: asAdmin })).json()).toMatchObject([
		{ order_id: 7, lines: [{ book_id: 1, title: null, quantity: 3 }], number_of_items: 3, total_amount: '89.97' },
	]);
});

test('rejects a second invoice for the same order, and records the attempt with its error', async () => {
	recordedLog();
	const { consumer, ownerUrl } = await serveBilling();
	await deliver(consumer, { ...reserved, id: 'one' });
	expect((await deliver(consumer, { ...reserved, id: 'two' })).status).toBe(500);
	await asOwner(ownerUrl, async (db) => {
		expect((await db.query('select from billing.invoices')).rowCount).toBe(1);
		const { rows } = await db.query(
			`select handled_at, attempts, failures -> -1 ->> 'error' as last_error from eventing.deliveries where id = 'two'`,
		);
		expect(rows).toEqual([{ handled_at: null, attempts: 1, last_error: 'order 7 has an invoice already' }]);
	});
});

const cancelled = { type: 'order.cancelled', from: 'orders', subject: 7, data: order } as const;
const typesOf = async (ownerUrl: string): Promise<unknown[]> =>
	(
		await asOwner(ownerUrl, (db) =>
			db.query(`select type, data from eventing.events where source = '/functions/billing' order by id`),
		)
	).rows;

test('voids the invoice of an order that is cancelled before it is completed, once', async () => {
	const { fetch, ownerUrl, consumer } = await serveBilling();
	await deliver(consumer, reserved);
	const [{ id }] = (await (await fetch('/api/billing', { headers: asAdmin })).json()) as [Invoice];
	for (const _ of [1, 2]) expect((await deliver(consumer, cancelled)).status).toBe(204);
	expect(await (await fetch('/api/billing?order_id=7', { headers: asAdmin })).json()).toEqual([]);
	expect((await fetch(`/api/billing/${id}`)).status).toBe(404);
	expect(await typesOf(ownerUrl)).toEqual([
		{ type: 'dev.bodega.invoice.issued', data: { invoice_id: id, order_id: 7, total_amount: '89.97' } },
		{ type: 'dev.bodega.invoice.voided', data: { invoice_id: id, order_id: 7 } },
	]);
});

test('issues no invoice for an order that was cancelled first', async () => {
	const { fetch, ownerUrl, consumer } = await serveBilling();
	for (const event of [cancelled, reserved]) expect((await deliver(consumer, event)).status).toBe(204);
	expect(await (await fetch('/api/billing', { headers: asAdmin })).json()).toEqual([]);
	expect(await typesOf(ownerUrl)).toEqual([]);
});

test('has no invoice for cancelled orders when both events arrive in parallel, at two instances', async () => {
	const { fetch, ownerUrl, consumer } = await serveBilling();
	const other = await servingEvents(billing, room, { ownerUrl });
	const answers = Array.from({ length: 30 }, (_, index) => {
		const data = { ...order, order_id: index + 1 };
		return [
			deliver(index % 2 ? consumer : other, { ...reserved, data }),
			...(index < 20 ? [deliver(index % 3 ? other : consumer, { ...cancelled, data })] : []),
		];
	}).flat();
	expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([204]));
	const invoices = (await (await fetch('/api/billing', { headers: asAdmin })).json()) as Invoice[];
	expect(invoices.map(({ order_id }) => order_id).sort()).toEqual(Array.from({ length: 10 }, (_, index) => index + 21));
	const types = (await typesOf(ownerUrl)) as { type: string }[];
	const count = (name: string): number => types.filter(({ type }) => type.endsWith(name)).length;
	expect(count('issued') - count('voided')).toBe(10);
});

test('publishes the event of an issued invoice to the broker', async () => {
	const { ownerUrl } = await serveBilling();
	const sink = await recordingSink();
	const consumer = await servingEvents(billing, room, { ownerUrl, env: { K_SINK: sink.url } });
	await deliver(consumer, reserved);
	await expect.poll(() => sink.events).toMatchObject([{ type: 'dev.bodega.invoice.issued', data: { order_id: 7 } }]);
});

test('lists the invoices newest first, in pages, for an admin only', async () => {
	const { fetch, consumer } = await serveBilling();
	for (const order_id of [1, 2, 3]) await deliver(consumer, { ...reserved, data: { ...order, order_id } });
	expect((await fetch('/api/billing')).status).toBe(401);
	const orders: (number | null)[] = [];
	let next: string | undefined = '/api/billing?limit=2';
	while (next) {
		const answer: Response = await fetch(next, { headers: asAdmin });
		for (const { order_id } of (await answer.json()) as Invoice[]) orders.push(order_id);
		next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
	}
	expect(orders).toEqual([3, 2, 1]);
});

test('lists as own invoices those of orders that the caller placed while signed in', async () => {
	const { fetch, consumer } = await serveBilling();
	const [ada, grace] = [randomUUID(), randomUUID()];
	for (const [index, account] of [ada, grace, ada, undefined].entries())
		await deliver(consumer, {
			...reserved,
			data: { ...order, order_id: index + 1, ...(account ? { account_id: account } : {}) },
		});
	const mine = async (query: string, headers: Record<string, string>) => {
		const answer = await fetch(`/api/billing/mine${query}`, { headers });
		return [answer.status, ((await answer.json()) as Invoice[]).map?.((invoice) => invoice.order_id)];
	};
	expect(await mine('', asUser(ada))).toEqual([200, [3, 1]]);
	expect(await mine('?limit=1', asUser(ada))).toEqual([200, [3]]);
	expect(await mine('', asUser())).toEqual([200, []]);
	expect((await fetch('/api/billing/mine')).status).toBe(401);
});

test('removes the name from the invoices of a deleted account, which remain that account’s', async () => {
	const { consumer, ownerUrl } = await serveBilling();
	const [ada, grace] = [randomUUID(), randomUUID()];
	for (const [index, account_id] of [ada, grace, undefined].entries())
		await deliver(consumer, { ...reserved, data: { ...order, order_id: index + 1, account_id } });
	const deleted = { type: 'account.deleted', from: 'users', subject: ada, data: { account_id: ada } } as const;
	expect((await deliver(consumer, deleted)).status).toBe(204);
	const { rows } = await asOwner(ownerUrl, (db) =>
		db.query('select customer_name, account_id from billing.invoices order by number'),
	);
	expect(rows).toEqual([
		{ customer_name: 'deleted account', account_id: ada },
		{ customer_name: 'Ada', account_id: grace },
		{ customer_name: 'Ada', account_id: null },
	]);
});

test('finds an account’s invoice for its customer and for admins only, and any other by its id', async () => {
	const { fetch, consumer, ownerUrl } = await serveBilling();
	const ada = randomUUID();
	for (const [index, account_id] of [ada, undefined].entries())
		await deliver(consumer, { ...reserved, data: { ...order, order_id: index + 1, account_id } });
	const invoices = (await (await fetch('/api/billing', { headers: asAdmin })).json()) as Invoice[];
	const [open = '', own = ''] = invoices.map(({ id }) => id);
	const look = async (id: string, headers: Record<string, string> = {}) =>
		(await fetch(`/api/billing/${id}`, { headers })).status;
	for (const headers of [{}, asUser(), asUser(ada), asAdmin]) expect(await look(open, headers)).toBe(200);
	for (const headers of [asUser(ada), asAdmin]) expect(await look(own, headers)).toBe(200);
	for (const headers of [{}, asUser()]) expect(await look(own, headers)).toBe(404);
	const unknown = randomUUID();
	const [hidden, missing] = await Promise.all(
		[own, unknown].map(async (id) => ((await (await fetch(`/api/billing/${id}`)).json()) as { detail: string }).detail),
	);
	expect(hidden?.replace(own, '')).toBe(missing?.replace(unknown, ''));
	// The event names the account, so that the event log can show it to that account.
	const { rows } = await asOwner(ownerUrl, (db) =>
		db.query(
			`select data -> 'account_id' as account from eventing.events where type = 'dev.bodega.invoice.issued' order by id`,
		),
	);
	expect(rows).toEqual([{ account: ada }, { account: null }]);
});
