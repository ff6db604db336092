import { expect, test } from 'vitest';
import { asAdmin, post, visit } from './setup/visitor.ts';

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

test('finds books by author, in any letter case', async () => {
	const author = `Søren ${Date.now()}`;
	const added = await post('/api/books', { title: 'Either/Or', author, price: '12.50', stock: 1 }, asAdmin);
	const { json } = await visit('gateway', `/api/books?search=${encodeURIComponent(author.toUpperCase())}`);
	expect(json).toEqual([added.json]);
});
