import { expect, test } from 'vitest';
import { addBook, post, visit } from '../acceptance/setup/visitor.ts';
import { bodega, succeed } from './bodega.ts';

test('a dry run finds nothing to change after a deployment', async () => {
	expect(await succeed(['deploy', '--dry-run'])).toBe(
		'# The cluster is up to date: a deployment would change nothing.\n',
	);
});

test('doctor finds no fault, and status lists each function', async () => {
	const findings = JSON.parse(await succeed(['doctor', '--json']));
	expect(findings.map(({ name }: { name: string }) => name)).toContain('Knative Eventing');
	expect(findings.filter(({ state }: { state: string }) => state === 'failed')).toEqual([]);
	const status = JSON.parse(await succeed(['status', '--json']));
	expect(status).toMatchObject({ ready: true, database: { max_connections: expect.any(Number) } });
	expect(status.functions.find(({ name }: { name: string }) => name === 'gateway').url).toMatch(/^http:\/\/gateway\./);
});

test('events and logs show an order', async () => {
	const book_id = await addBook(5);
	const { json } = await post('/api/orders', { book_id, customer_name: 'Ada', quantity: 1 }, { prefer: 'wait=60' });
	expect(json.status).toBe('completed');
	const told = (await succeed(['events', '--limit', '50', '--json']))
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
	const placed = told.find(({ type, subject }) => type === 'dev.bodega.order.placed' && subject === String(json.id));
	expect(placed.deliveries).toMatchObject([{ function: 'books', status: 'handled' }]);
	expect(await succeed(['logs', 'orders', '--tail', '200'])).toMatch(/^orders \| \{.*"path":"\/api\/orders"/m);
	expect(await bodega(['logs', 'shoes'])).toMatchObject({ code: 2, errors: expect.stringContaining('movies') });
});

test('a stopped shop preserves its data', async () => {
	const title = `Outlive the night ${Date.now()}`;
	expect((await post('/api/todo', { title })).status).toBe(201);
	await succeed(['stop']);
	const stopped = await bodega(['status', '--json']);
	expect(stopped.code).toBe(5);
	const { functions } = JSON.parse(stopped.output);
	expect(functions.map(({ state }: { state: string }) => state)).toEqual(functions.map(() => 'not ready'));
	await succeed(['start', '--on', 'cluster']);
	const { json } = await visit('gateway', '/api/todo?limit=1000');
	expect(json.map((todo: { title: string }) => todo.title)).toContain(title);
});
