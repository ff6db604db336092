import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addBook } from '../books-stock.ts';
import { asAdmin, breakFunction, eventually, post, visit } from '../setup/visitor.ts';

const stockOf = async (book: number): Promise<number> => (await visit('gateway', `/api/books/${book}`)).json.stock;

/** Signs up a user, and returns their headers. */
async function newUser(): Promise<Record<string, string>> {
	const account = { email: `${randomUUID()}@example.com`, name: 'Ada', password: 'correct horse battery' };
	expect((await post('/api/users', account)).status).toBe(201);
	const { json } = await post('/api/users/session', account);
	return { authorization: `Bearer ${json.access_token}` };
}

const cancel = (id: number, headers: Record<string, string>) =>
	visit('gateway', `/api/orders/${id}`, { method: 'DELETE', headers });
const eventsOf = async (type: string, subject: number) =>
	(await visit('gateway', `/api/events?type=dev.bodega.${type}&subject=${subject}`, { headers: asAdmin })).json;

test.each([
	['before its copies are taken', 'books-events', 0],
	['when its copies are taken', 'billing-events', 2],
])(
	'a customer cancels an order %s: the copies are in stock again, and there is no invoice',
	async (_, broken, taken) => {
		const [ada, book_id] = [await newUser(), await addBook(5)];
		const mend = await breakFunction(broken);
		const order = { customer_name: 'Ada', lines: [{ book_id, quantity: 2 }] };
		const { json: placed } = await post('/api/orders', order, ada);
		await eventually('the copies are taken', async () => (await stockOf(book_id)) === 5 - taken);
		const cancelled = await cancel(placed.id, ada);
		expect([cancelled.status, cancelled.json.status]).toEqual([200, 'cancelled']);
		await mend();
		await eventually('every event is handled', async () => {
			const events = [
				...(await eventsOf('order.placed', placed.id)),
				...(await eventsOf('order.cancelled', placed.id)),
			];
			const deliveries = events.flatMap(({ deliveries }) => deliveries);
			return deliveries.length === 3 && deliveries.every(({ status }: { status: string }) => status === 'handled');
		});
		await eventually('the copies are in stock', async () => (await stockOf(book_id)) === 5);
		// Books can have handled the two events of the first case in either order.
		const reserved = await eventsOf('stock.reserved', book_id);
		expect(await eventsOf('stock.returned', book_id)).toHaveLength(reserved.length);
		const invoices = await visit('gateway', `/api/billing?order_id=${placed.id}`, { headers: asAdmin });
		expect(invoices.json).toEqual([]);
		expect((await visit('gateway', `/api/orders/${placed.id}`, { headers: ada })).json).toEqual(cancelled.json);
	},
);

test('a completed order cannot be cancelled, and the answer says so', async () => {
	const [ada, book_id] = [await newUser(), await addBook(5)];
	const order = { customer_name: 'Ada', lines: [{ book_id, quantity: 2 }] };
	const { json } = await post('/api/orders', order, { ...ada, prefer: 'wait=30' });
	const { status, json: problem } = await cancel(json.id, ada);
	expect([status, problem.detail]).toEqual([
		409,
		`Order ${json.id} is completed. Only a pending order can be cancelled.`,
	]);
	expect(await stockOf(book_id)).toBe(3);
});
