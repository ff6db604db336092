import { expect, test } from 'vitest';
import { asAdmin, post, visit } from './setup/visitor.ts';

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
	const run = Date.now();
	for (const name of ['Ada', 'Bea', 'Cleo', 'Dora'])
		expect(
			(
				await post('/api/users', {
					email: `${name}-${run}@example.com`,
					name: `${name} ${run}`,
					password: 'correct horse',
				})
			).status,
		).toBe(201);
	const mine = `filter=name:contains:${run}`;
	const first = await read(`/users.users?sort=-name&${mine}&filter=name:gt:B&limit=2`);
	expect(first.json.map(column('name'))).toEqual([`Dora ${run}`, `Cleo ${run}`]);
	const next = /^<(.+)>; rel="next"$/.exec(String(first.headers['link']))?.[1] ?? '';
	const second = await visit('gateway', next, { headers: asAdmin });
	expect(second.json.map(column('name'))).toEqual([`Bea ${run}`]);
	expect(second.headers['link']).toBeUndefined();
	const csv = await read(`/users.users?${mine}&sort=name&limit=1`, { ...asAdmin, accept: 'text/csv' });
	expect([csv.status, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
	expect(csv.text).toMatch(/^id,email,name,roles,created_at\r\n/);
	expect(csv.text).toContain(`Ada ${run}`);
	expect((await visit('gateway', '/api/data/tables/users.users', { method: 'DELETE', headers: asAdmin })).status).toBe(
		405,
	);
});
