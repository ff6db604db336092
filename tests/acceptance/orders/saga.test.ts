import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addBook } from '../books-stock.ts';
import { asAdmin, breakFunction, eventually, post, visit } from '../setup/visitor.ts';

const settled = (id: number) =>
	eventually(`order ${id} is settled`, async () => {
		const { json } = await visit('gateway', `/api/orders/${id}`);
		return json.status !== 'pending' && json;
	});
const stockOf = async (book: number): Promise<number> => (await visit('gateway', `/api/books/${book}`)).json.stock;

test('completes an order: the stock is taken, the invoice is issued, each event is handled once', async () => {
	const book_id = await addBook(5);
	const answer = await post(
		'/api/orders',
		{ customer_name: 'Ada', lines: [{ book_id, quantity: 2 }] },
		{ prefer: 'wait=30' },
	);
	expect(answer.status).toBe(201);
	expect(answer.headers['preference-applied']).toBe('wait=30');
	expect(answer.json).toMatchObject({
		customer_name: 'Ada',
		lines: [{ book_id, quantity: 2, unit_price: '12.50' }],
		total_amount: '25.00',
		status: 'completed',
		reason: null,
	});
	expect(await stockOf(book_id)).toBe(3);
	const invoices = (await visit('gateway', `/api/billing?order_id=${answer.json.id}`, { headers: asAdmin })).json;
	expect(invoices).toMatchObject([{ order_id: answer.json.id, number_of_items: 2, total_amount: '25.00' }]);
	const [placed] = (await visit('gateway', `/api/events?type=dev.bodega.order.placed&subject=${answer.json.id}`)).json;
	expect(placed.deliveries).toMatchObject([{ trigger: 'books-on-order-placed', status: 'handled', attempts: 1 }]);
	expect(placed).not.toHaveProperty('data');
});

test('takes the copies of several books for one order, which has one invoice; or takes none', async () => {
	const [one, other] = [await addBook(5), await addBook(3)];
	const lines = [
		{ book_id: other, quantity: 3 },
		{ book_id: one, quantity: 2 },
	];
	const { json: order } = await post('/api/orders', { customer_name: 'Ada', lines }, { prefer: 'wait=30' });
	expect(order).toMatchObject({ status: 'completed', lines, total_amount: '62.50' });
	const invoices = (await visit('gateway', `/api/billing?order_id=${order.id}`, { headers: asAdmin })).json;
	expect(invoices).toMatchObject([{ lines, number_of_items: 5, total_amount: '62.50' }]);
	const refused = await post('/api/orders', { customer_name: 'Ada', lines });
	expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining('There are 0 copies of')]);
	expect([await stockOf(one), await stockOf(other)]).toEqual([3, 0]);
});

test('an order is answered immediately and settles by itself', async () => {
	const book_id = await addBook(1);
	const { status, json, headers } = await post('/api/orders', {
		customer_name: 'Grace',
		lines: [{ book_id, quantity: 1 }],
	});
	expect([status, headers['location']]).toEqual([201, `/api/orders/${json.id}`]);
	expect((await settled(json.id)).status).toBe('completed');
});

test('answers 404 to an order for an unknown book, 409 to one for too many copies, and stores neither', async () => {
	const book_id = await addBook(1);
	expect(
		(await post('/api/orders', { customer_name: 'Ada', lines: [{ book_id: 2_000_000_000, quantity: 1 }] })).status,
	).toBe(404);
	expect(
		(await post('/api/orders', { customer_name: 'Nobody at all', lines: [{ book_id, quantity: 2 }] })).status,
	).toBe(409);
	const { json } = await visit('gateway', '/api/orders?limit=50');
	expect(json.filter(({ customer_name }: { customer_name: string }) => customer_name === 'Nobody at all')).toEqual([]);
});

test('requests with the same Idempotency-Key place one order, even when sent in parallel', async () => {
	const book_id = await addBook(10);
	const key = { 'idempotency-key': `key-${Date.now()}` };
	const order = { customer_name: 'Twice', lines: [{ book_id, quantity: 1 }] };
	const answers = await Promise.all([1, 2, 3].map(() => post('/api/orders', order, key)));
	expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
	expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
	expect((await post('/api/orders', { ...order, lines: [{ book_id, quantity: 2 }] }, key)).status).toBe(422);
	await settled(answers[0]?.json.id);
	expect(await stockOf(book_id)).toBe(9);
});

test('completes one of two orders for the last copy, and rejects the other with a reason', async () => {
	const book_id = await addBook(1);
	// Books cannot reserve for a while, so both orders find the copy in stock.
	const mend = await breakFunction('books-events');
	const orders = await Promise.all(
		['Ada', 'Grace'].map((customer_name) => post('/api/orders', { customer_name, lines: [{ book_id, quantity: 1 }] })),
	);
	expect(orders.map(({ status, json }) => [status, json.status])).toEqual([
		[201, 'pending'],
		[201, 'pending'],
	]);
	await mend();
	const ends = await Promise.all(orders.map(({ json }) => settled(json.id)));
	expect(ends.map(({ status }) => status).sort()).toEqual(['completed', 'rejected']);
	expect(ends.find(({ status }) => status === 'rejected')?.reason).toMatch(/^only 0 of ".+" left, 1 ordered$/);
	expect(await stockOf(book_id)).toBe(0);
});

test('completes exactly ten of two hundred simultaneous orders for the last ten copies', async () => {
	const book_id = await addBook(10);
	// A busy shop can answer 503. Then the customer repeats the request, as Retry-After asks, and the key keeps it one order.
	const order = async (index: number) => {
		const body = { customer_name: `Customer ${index}`, lines: [{ book_id, quantity: 1 }] };
		const key = { 'idempotency-key': randomUUID() };
		return await eventually(`customer ${index} has an answer`, async () => {
			const answer = await post('/api/orders', body, key);
			return answer.status !== 503 && answer;
		});
	};
	const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => order(index)));
	// An order that arrives after the copies are gone gets 409; the saga rejects those that arrived before.
	const refused = answers.filter(({ status }) => status === 409).length;
	const placed = answers.filter(({ status }) => status === 201);
	expect(refused + placed.length).toBe(200);
	const ends = await Promise.all(placed.map(({ json }) => settled(json.id)));
	expect(ends.filter(({ status }) => status === 'completed')).toHaveLength(10);
	expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(placed.length - 10);
	expect(await stockOf(book_id)).toBe(0);
});
