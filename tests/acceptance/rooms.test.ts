import { describe, expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { routesOf } from '../../kit/declare/declare.ts';
import { asAdmin, eventually, faults, post, visit } from './setup/visitor.ts';

const decimal = /^\d+\.\d\d$/;

describe('every function', () => {
	const services = functions
		.filter(({ api }) => api)
		.map((declaration) => [declaration.name, routesOf(declaration)[0] ?? ''] as const);

	test.each([...services, ['gateway', '/'] as const])(
		'%s answers /health and /ready on its own route',
		async (service) => {
			expect((await visit(service, '/health')).json).toEqual({ status: 'ok' });
			expect((await visit(service, '/ready')).json).toEqual({ status: 'ready' });
		},
	);

	test.each(services)('%s answers 404 to an unknown path and 405 to an unknown method', async (service, path) => {
		expect((await visit(service, '/api/nonsense')).status).toBe(404);
		const wrong = await visit(service, path, { method: 'PATCH' });
		expect([wrong.status, wrong.headers['content-type']]).toEqual([405, 'application/problem+json; charset=utf-8']);
		expect(wrong.headers['allow']).toMatch(/GET/);
	});

	test.each(services)('%s allows requests from pages of any origin, without credentials', async (service, path) => {
		const answer = await visit(service, path, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } });
		expect(answer.status).toBe(204);
		expect(answer.headers['access-control-allow-origin']).toBe('*');
		expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
	});
});

describe('bad input', () => {
	test('answers 400 to malformed JSON', async () => {
		expect((await post('/api/orders', '{"book_id": 1')).status).toBe(400);
	});

	test('answers 415 to a body that is not JSON', async () => {
		expect(
			(await post('/api/orders', 'book_id=1', { 'content-type': 'application/x-www-form-urlencoded' })).status,
		).toBe(415);
	});

	test('answers 413 to a body of more than 100 kB', async () => {
		expect((await post('/api/orders', { customer_name: 'x'.repeat(100_001) })).status).toBe(413);
	});

	test('answers 422 to invalid fields and names each of them', async () => {
		const answer = await post('/api/orders', { book_id: 'one', quantity: 0 });
		expect(answer.status).toBe(422);
		expect(answer.json.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
			'body.book_id',
			'body.customer_name',
			'body.quantity',
		]);
		expect(answer.json.traceId).toMatch(/^[0-9a-f]{32}$/);
	});
});

describe('books', () => {
	test('lists the first five books', async () => {
		const { json } = await visit('books', '/api/books?limit=5');
		expect(json.map(({ title, author, price }: Record<string, string>) => [title, author, price])).toEqual([
			['Clean Code', 'Robert C. Martin', '29.99'],
			['Design Patterns', 'Gang of Four', '39.99'],
			['The Pragmatic Programmer', 'David Thomas', '34.99'],
			['Refactoring', 'Martin Fowler', '44.99'],
			['Domain-Driven Design', 'Eric Evans', '49.99'],
		]);
		expect(Object.keys(json[0]).sort()).toEqual(['author', 'created_at', 'id', 'price', 'stock', 'title']);
	});

	test('an admin adds, replaces and deletes a book; a stranger is rejected', async () => {
		const body = { title: 'Release It!', author: 'Michael Nygard', price: 41.5, stock: 3 };
		expect((await post('/api/books', body)).status).toBe(401);
		const added = await post('/api/books', body, asAdmin);
		expect([added.status, added.json.price]).toEqual([201, '41.50']);
		const at = String(added.headers['location']);
		expect((await visit('gateway', at)).json).toEqual(added.json);
		const replaced = await visit('gateway', at, { method: 'PUT', body: { ...body, price: '9.90' }, headers: asAdmin });
		expect([replaced.status, replaced.json.price]).toEqual([200, '9.90']);
		expect((await visit('gateway', at, { method: 'DELETE', headers: asAdmin })).status).toBe(204);
		expect((await visit('gateway', at)).status).toBe(404);
	});
});

describe('billing', () => {
	test.each([
		['numbers', { user_id: 3, number_of_items: 5, total_amount: 180 }],
		['numbers in strings', { user_id: '3', number_of_items: '5', total_amount: '180' }],
	])('accepts %s, answers 202 with a Location, and the invoice appears there', async (_what, body) => {
		const answer = await post('/api/billing', body);
		expect(answer.status).toBe(202);
		const at = String(answer.headers['location']);
		const invoice = await eventually('the invoice', async () => {
			const there = await visit('gateway', at);
			return there.status === 200 && there.json;
		});
		expect(invoice).toMatchObject({ user_id: 3, number_of_items: 5, total_amount: '180.00', order_id: null });
	});

	test('lists all invoices only to an admin', async () => {
		expect((await visit('gateway', '/api/billing')).status).toBe(401);
		const { status, json } = await visit('gateway', '/api/billing?limit=1', { headers: asAdmin });
		expect([status, decimal.test(json[0].total_amount)]).toEqual([200, true]);
	});
});

test('serves the page with a content security policy that blocks everything by default', async () => {
	const { status, text, headers } = await visit('gateway', '/');
	expect([status, text.includes('<title>')]).toEqual([200, true]);
	expect(headers['content-security-policy']).toContain("default-src 'none'");
	const script = /src="(\/main-[A-Z0-9]{8}\.js)"/.exec(text)?.[1] ?? '';
	expect((await visit('gateway', script)).headers['cache-control']).toContain('immutable');
});

test('answers 503 while the database is down, and recovers by itself', async () => {
	expect((await visit('books', '/ready')).status).toBe(200);
	await faults.crashDatabase();
	const worse: string[] = [];
	await eventually('books answers again', async () => {
		const { status, text } = await visit('books', '/api/books/1');
		if (status !== 200 && status !== 503) worse.push(`${status} ${text}`);
		return status === 200 && (await visit('books', '/ready')).status === 200;
	});
	expect(worse).toEqual([]);
});
