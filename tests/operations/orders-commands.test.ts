import { expect, test } from 'vitest';
import { addBook } from '../acceptance/books-stock.ts';
import { post } from '../acceptance/setup/visitor.ts';
import { succeed } from './bodega.ts';

test('events and logs show an order', async () => {
	const book_id = await addBook(5);
	const { json } = await post(
		'/api/orders',
		{ customer_name: 'Ada', lines: [{ book_id, quantity: 1 }] },
		{ prefer: 'wait=60' },
	);
	expect(json.status).toBe('completed');
	const told = (await succeed(['events', '--limit', '50', '--json']))
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
	const placed = told.find(({ type, subject }) => type === 'dev.bodega.order.placed' && subject === String(json.id));
	expect(placed.deliveries).toMatchObject([{ function: 'books', status: 'handled' }]);
	expect(await succeed(['logs', 'orders', '--tail', '200'])).toMatch(/^orders \| \{.*"path":"\/api\/orders"/m);
});
