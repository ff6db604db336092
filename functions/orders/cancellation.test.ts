import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
	asAdmin,
	asOwner,
	asUser,
	deliver,
	freshDatabase,
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
const invoice = { invoice_id: '0198c0de-0000-7000-8000-000000000001', total_amount: '59.98' };
const ada = asUser();

interface Shop extends Serving {
	readonly ownerUrl: string;
	readonly consumer: Serving;
	place(headers?: Record<string, string>): Promise<Order>;
	cancel(id: number, headers?: Record<string, string>): Promise<Response>;
	/** Counts the events of the type `order.cancelled`. */
	announced(): Promise<number>;
}

async function shop(): Promise<Shop> {
	const ownerUrl = await freshDatabase();
	const beside = await serving(books, { http: booksHttp, events: booksEvents }, { ownerUrl });
	const env = { FUNCTION_URLS: JSON.stringify({ books: beside.url }) };
	const served = await serving(orders, room, { ownerUrl, env });
	const body = { customer_name: 'Ada', lines: [{ book_id: 1, quantity: 2 }] };
	return {
		...served,
		ownerUrl,
		consumer: await servingEvents(orders, room, { ownerUrl }),
		place: async (headers = ada) =>
			(await (await served.fetch('/api/orders', { method: 'POST', headers, body })).json()) as Order,
		cancel: (id, headers = ada) => served.fetch(`/api/orders/${id}`, { method: 'DELETE', headers }),
		announced: async () => {
			const count = `select count(*)::int from eventing.events where type = 'dev.bodega.order.cancelled'`;
			return (await asOwner(ownerUrl, (db) => db.query<{ count: number }>(count))).rows[0]?.count ?? 0;
		},
	};
}

const complete = (consumer: Serving, order_id: number): Promise<Response> =>
	deliver(consumer, { type: 'invoice.issued', from: 'billing', subject: 1, data: { ...invoice, order_id } });
const reject = (consumer: Serving, order_id: number): Promise<Response> =>
	deliver(consumer, { type: 'stock.rejected', from: 'books', subject: 1, data: { order_id, reason: 'gone' } });
const detailOf = async (answer: Response) => [answer.status, ((await answer.json()) as { detail: string }).detail];

test.each([
	['its customer', ada],
	['an admin', asAdmin],
])('%s cancels a pending order, which then never changes', async (_, headers) => {
	const { fetch, place, cancel, consumer, announced, ownerUrl } = await shop();
	const order = await place();
	const answer = await cancel(order.id, headers);
	const cancelled = (await answer.json()) as Order;
	expect([answer.status, cancelled]).toEqual([
		200,
		{ ...order, status: 'cancelled', settled_at: expect.stringMatching(/Z$/) },
	]);
	expect((await complete(consumer, order.id)).status).toBe(204);
	expect((await reject(consumer, order.id)).status).toBe(204);
	// A client that did not get the answer asks again.
	expect(await (await cancel(order.id, headers)).json()).toEqual(cancelled);
	expect(await (await fetch(`/api/orders/${order.id}`, { headers: ada })).json()).toEqual(cancelled);
	expect(await announced()).toBe(1);
	const { rows } = await asOwner(ownerUrl, (db) =>
		db.query(`select subject, data from eventing.events where type = 'dev.bodega.order.cancelled'`),
	);
	expect(rows).toEqual([
		{
			subject: String(order.id),
			data: { order_id: order.id, customer_name: 'Ada', lines: order.lines, account_id: expect.any(String) },
		},
	]);
});

test('says what a settled order is, and does not cancel it', async () => {
	const { place, cancel, consumer, announced } = await shop();
	for (const _ of [1, 2]) await place();
	await complete(consumer, 1);
	await reject(consumer, 2);
	expect(await detailOf(await cancel(1))).toEqual([
		409,
		'Order 1 is completed. Only a pending order can be cancelled.',
	]);
	expect(await detailOf(await cancel(2))).toEqual([409, 'Order 2 is rejected. Only a pending order can be cancelled.']);
	expect(await announced()).toBe(0);
});

test('lets nobody else cancel an order', async () => {
	const { place, cancel, announced } = await shop();
	const [own, open] = [await place(), await place({})];
	expect((await cancel(own.id, {})).status).toBe(401);
	expect(await detailOf(await cancel(own.id, asUser()))).toEqual(await detailOf(await cancel(own.id, asUser())));
	expect((await cancel(own.id, asUser())).status).toBe(404);
	expect((await cancel(99)).status).toBe(404);
	expect(await detailOf(await cancel(open.id))).toEqual([
		403,
		`Order ${open.id} was placed without an account, so only an admin can cancel it.`,
	]);
	expect(await announced()).toBe(0);
	expect((await cancel(open.id, asAdmin)).status).toBe(200);
});

test('does not cancel an order of the release before this one, whose copies books cannot return', async () => {
	const { cancel, ownerUrl } = await shop();
	await asOwner(ownerUrl, (db) =>
		db.query(`insert into orders.orders (book_id, customer_name, quantity, unit_price) values (4, 'Ada', 3, 9.90)`),
	);
	expect(await detailOf(await cancel(1, asAdmin))).toEqual([
		409,
		'Order 1 was placed before the shop could cancel orders. It will be settled shortly.',
	]);
});

test('honours If-Match, so that an order is cancelled only in the state that was seen', async () => {
	const { fetch, place, cancel, announced } = await shop();
	const { id } = await place();
	expect((await cancel(id, { ...ada, 'if-match': '"another"' })).status).toBe(412);
	expect(await announced()).toBe(0);
	const etag = (await fetch(`/api/orders/${id}`, { headers: ada })).headers.get('etag') ?? '';
	expect((await cancel(id, { ...ada, 'if-match': etag })).status).toBe(200);
	expect(await announced()).toBe(1);
});

test('decides once between a cancellation and the end of the order, whichever comes first', async () => {
	const { fetch, place, cancel, consumer, announced } = await shop();
	const ids = await Promise.all(Array.from({ length: 20 }, async () => (await place()).id));
	const answers = await Promise.all(
		ids.map(async (id, index) => {
			const ending = (index % 2 ? complete : reject)(consumer, id);
			const [first, second] = await Promise.all([cancel(id), cancel(id)]);
			expect((await ending).status).toBe(204);
			return [id, first.status, second.status] as const;
		}),
	);
	for (const [id, ...statuses] of answers) {
		const { status } = (await (await fetch(`/api/orders/${id}`, { headers: ada })).json()) as Order;
		expect([status, statuses]).toEqual([status, status === 'cancelled' ? [200, 200] : [409, 409]]);
	}
	expect(await announced()).toBe(answers.filter(([, status]) => status === 200).length);
});

test('ends the stream of a cancelled order with its last state', async () => {
	const { url, place, cancel } = await shop();
	const { id } = await place();
	const answer = await fetch(`${url}/api/orders/${id}`, { headers: { ...ada, accept: 'text/event-stream' } });
	let text = '';
	let isCancelled = false;
	for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
		text += Buffer.from(chunk).toString('utf8');
		if (!isCancelled && text.includes('pending')) isCancelled = (await cancel(id)).ok;
	}
	const states = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, json = '']) => (JSON.parse(json) as Order).status);
	expect(states).toEqual(['pending', 'cancelled']);
});

test('an Idempotency-Key still returns the order after its cancellation', async () => {
	const { place, cancel } = await shop();
	const headers = { ...ada, 'idempotency-key': randomUUID() };
	const { id } = await place(headers);
	await cancel(id);
	expect(await place(headers)).toMatchObject({ id, status: 'cancelled' });
});
