import { expect, test } from 'vitest';
import { asAdmin, visit } from './setup/visitor.ts';

const read = (path: string, headers: Record<string, string> = asAdmin) =>
	visit('gateway', `/api/data/tables${path}`, { headers });
const column = (name: string) => (row: Record<string, unknown>) => row[name];

test('shows an admin the tables of every function, without secret tables and columns', async () => {
	expect((await read('', {})).status).toBe(401);
	const { status, json: tables } = await read('');
	expect(status).toBe(200);
	const columnsOf = (schema: string, name: string): string[] | undefined =>
		tables
			.find((table: Record<string, unknown>) => table['schema'] === schema && table['name'] === name)
			?.columns.map(column('name'));
	expect(columnsOf('books', 'books')).toEqual(['id', 'title', 'author', 'price', 'stock', 'created_at']);
	expect(columnsOf('eventing', 'events')).toContain('data');
	expect(columnsOf('users', 'users')).toContain('email');
	expect(columnsOf('users', 'users')).not.toContain('password_hash');
	for (const name of ['signing_keys', 'refresh_tokens']) {
		expect(columnsOf('users', name)).toBeUndefined();
		expect((await read(`/users.${name}`)).status).toBe(404);
	}
	const [user] = (await read('/users.users?limit=1')).json;
	expect(user).not.toHaveProperty('password_hash');
	expect((await read('/users.users?filter=password_hash:contains:a')).status).toBe(422);
});

test('sorts, filters and pages rows, and returns them as CSV', async () => {
	const first = await read('/books.books?sort=-id&filter=id:lt:6&filter=price:gt:30&limit=2');
	expect(first.json.map(column('title'))).toEqual(['Domain-Driven Design', 'Refactoring']);
	const next = /^<(.+)>; rel="next"$/.exec(String(first.headers['link']))?.[1] ?? '';
	const second = await visit('gateway', next, { headers: asAdmin });
	expect(second.json.map(column('title'))).toEqual(['The Pragmatic Programmer', 'Design Patterns']);
	expect(second.headers['link']).toBeUndefined();
	const csv = await read('/books.books?filter=id:eq:1', { ...asAdmin, accept: 'text/csv' });
	expect([csv.status, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
	expect(csv.text).toMatch(
		/^id,title,author,price,stock,created_at\r\n1,Clean Code,Robert C\. Martin,29\.99,\d+,\S+Z\r\n$/,
	);
	expect((await visit('gateway', '/api/data/tables/books.books', { method: 'DELETE', headers: asAdmin })).status).toBe(
		405,
	);
});
