import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { asAdmin, post, visit } from './setup/visitor.ts';

type Headers = Readonly<Record<string, string>>;

const add = async (title: string, headers: Headers = {}): Promise<number> =>
	(await post('/api/todo', { title }, headers)).json.id;
const change = (id: number, body: unknown, headers: Headers = {}) =>
	visit('gateway', `/api/todo/${id}`, { method: 'PATCH', body, headers });
const remove = (path: string, headers: Headers = {}) => visit('gateway', path, { method: 'DELETE', headers });
const ids = async (headers: Headers = {}, query = ''): Promise<number[]> =>
	(await visit('gateway', `/api/taches?limit=1000${query}`, { headers })).json.map(({ id }: { id: number }) => id);

test('the shared list stays complete when items are moved in parallel', async () => {
	const own = [await add('One'), await add('Two'), await add('Three')];
	const [one, two, three] = own as [number, number, number];
	// Others can use the shared list too.
	const order = async (): Promise<number[]> => (await ids()).filter((id) => own.includes(id));
	expect(await order()).toEqual([one, two, three]);
	expect((await change(three, { before: one })).status).toBe(200);
	expect(await order()).toEqual([three, one, two]);
	const moves = own.flatMap((id) => own.map((before) => change(id, { before })));
	expect(new Set((await Promise.all(moves)).map(({ status }) => status))).toEqual(new Set([200]));
	expect((await order()).toSorted()).toEqual(own.toSorted());
	expect((await change(two, { done: true })).json.status).toBe('Done');
	expect(await ids({}, '&done=true')).toContain(two);
	expect((await remove('/api/todo')).status).toBe(422);
	for (const id of own) expect((await remove(`/api/todo/${id}`)).status).toBe(204);
	expect(await order()).toEqual([]);
});

test('a signed-in user has a list that nobody else sees', async () => {
	const mine = await add('Mine', asAdmin);
	expect(await ids(asAdmin)).toContain(mine);
	expect(await ids()).not.toContain(mine);
	expect((await change(mine, { done: true })).status).toBe(404);
	await change(mine, { done: true }, asAdmin);
	expect((await remove('/api/todo?done=true', asAdmin)).json.deleted).toBeGreaterThan(0);
	expect(await ids(asAdmin)).not.toContain(mine);
});

test('deleting an account deletes its list', async () => {
	const account = { email: `${randomUUID()}@example.com`, name: 'Ada', password: 'an analytical engine' };
	expect((await post('/api/users', account)).status).toBe(201);
	const { json } = await post('/api/users/session', account);
	const headers = { authorization: `Bearer ${json.access_token}` };
	expect((await post('/api/todo', { title: 'Dust the shelves' }, headers)).status).toBe(201);
	const body = { current_password: account.password };
	expect((await visit('gateway', '/api/users/me', { method: 'DELETE', headers, body })).status).toBe(204);
	// The access token outlives the account for up to 15 minutes.
	await expect.poll(async () => (await visit('gateway', '/api/todo', { headers })).json).toEqual([]);
});
