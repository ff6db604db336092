import { request } from 'undici';
import { expect, inject, test } from 'vitest';
import { addBook } from '../books-stock.ts';
import { post, visit } from '../setup/visitor.ts';

const shop = inject('shop');

test('streams each change of an order through the gateway, and ends when the order is settled', async () => {
	const placed = await post('/api/orders', {
		customer_name: 'Ada',
		lines: [{ book_id: await addBook(5), quantity: 1 }],
	});
	expect(placed.status).toBe(201);
	const { statusCode, headers, body } = await request(`${shop.url}${placed.headers['location']}`, {
		headers: { host: shop.hosts['gateway'] ?? '', accept: 'text/event-stream' },
	});
	expect([statusCode, headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
	const messages = [...(await body.text()).matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
	expect(messages.at(-1)).toEqual({ ...placed.json, status: 'completed', settled_at: expect.any(String) });
	// The order can be settled before the stream opens.
	for (const message of messages.slice(0, -1)) expect(message).toEqual(placed.json);
});

test('the event stream reports an order and its deliveries without another request', async () => {
	const leaving = new AbortController();
	const { body } = await request(`${shop.url}/api/events`, {
		headers: { host: shop.hosts['gateway'] ?? '', accept: 'text/event-stream' },
		signal: leaving.signal,
	});
	const placed = await post('/api/orders', {
		customer_name: 'Ada',
		lines: [{ book_id: await addBook(5), quantity: 1 }],
	});
	const handled = new Set<string>();
	let text = '';
	for await (const chunk of body.setEncoding('utf8')) {
		text += chunk;
		for (const [, json = ''] of text.matchAll(/^data: (.*)\n\n/gm)) {
			const { type, subject, deliveries, data } = JSON.parse(json);
			expect(data).toBeUndefined();
			if (type !== 'dev.bodega.order.placed' || subject !== String(placed.json.id)) continue;
			for (const { trigger, status } of deliveries) if (status === 'handled') handled.add(trigger);
		}
		if (handled.has('books-on-order-placed')) break;
	}
	leaving.abort();
	expect([...handled]).toEqual(['books-on-order-placed']);
});

test('lists as a user’s own the invoices of orders placed while signed in', async () => {
	const grace = { email: `grace-${Date.now()}@example.com`, name: 'Grace', password: 'a nanosecond of wire' };
	expect((await post('/api/users', grace)).status).toBe(201);
	const session = await post('/api/users/session', { email: grace.email, password: grace.password });
	const authorization = { authorization: `Bearer ${session.json.access_token}` };
	const order = { customer_name: 'Grace', lines: [{ book_id: await addBook(5), quantity: 2 }] };
	const mine = await post('/api/orders', order, { ...authorization, prefer: 'wait=30' });
	expect(mine.json.status).toBe('completed');
	await post('/api/orders', order, { prefer: 'wait=30' });
	const invoices = await visit('gateway', '/api/billing/mine', { headers: authorization });
	expect(invoices.json.map(({ order_id }: { order_id: number }) => order_id)).toEqual([mine.json.id]);
	expect((await visit('gateway', '/api/billing/mine')).status).toBe(401);
});
