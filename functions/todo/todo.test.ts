import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
	asOwner,
	asUser,
	deliver,
	freshDatabase,
	recordedLog,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import type { Todo } from './api.ts';
import * as events from './events.ts';
import todo from './function.ts';
import * as http from './http.ts';

interface Served extends Serving {
	readonly ownerUrl: string;
	add(title: string, headers?: Record<string, string>): Promise<Todo>;
	titles(query?: string, headers?: Record<string, string>): Promise<string[]>;
}

async function serveTodo(): Promise<Served> {
	const ownerUrl = await freshDatabase();
	const served = await serving(todo, { http, events }, { ownerUrl });
	return {
		...served,
		ownerUrl,
		async add(title, headers = {}) {
			const answer = await served.fetch('/api/todo', { method: 'POST', headers, body: { title } });
			expect(answer.status).toBe(201);
			return (await answer.json()) as Todo;
		},
		async titles(query = '', headers = {}) {
			const answer = await served.fetch(`/api/todo${query}`, { headers });
			return ((await answer.json()) as Todo[]).map(({ title }) => title);
		},
	};
}

const patch = (body: unknown, headers: Record<string, string> = {}) => ({ method: 'PATCH', headers, body });

test('adds a todo to the end of the list, not done', async () => {
	const { add, titles, fetch } = await serveTodo();
	expect(await add(' Buy milk ')).toMatchObject({ title: 'Buy milk', done: false, status: 'Pending', position: 1 });
	await add('Drink it');
	expect(await titles()).toEqual(['Buy milk', 'Drink it']);
	expect((await fetch('/api/taches/')).status).toBe(200);
});

test('renames, marks and moves a todo, separately or in one request', async () => {
	const { add, titles, fetch } = await serveTodo();
	const [one, two] = [await add('One'), await add('Two')];
	const at = `/api/todo/${two.id}`;
	expect(await (await fetch(at, patch({ title: 'Second' }))).json()).toEqual({ ...two, title: 'Second' });
	const done = { ...two, title: 'Second', done: true, status: 'Done' };
	expect(await (await fetch(at, patch({ done: true }))).json()).toEqual(done);
	expect(await (await fetch(at, patch({ before: two.id }))).json()).toEqual(done);
	expect(await (await fetch(at, patch({ before: one.id }))).json()).toEqual({ ...done, position: 0 });
	expect(await titles()).toEqual(['Second', 'One']);
	const all = await fetch(at, patch({ title: 'Two', done: false, before: null }));
	expect(await all.json()).toEqual(two);
	expect(await titles()).toEqual(['One', 'Two']);
});

test('changes of a locked list leave the connections to other lists', async () => {
	recordedLog();
	const { add, fetch, ownerUrl } = await serveTodo();
	await add('One');
	await asOwner(ownerUrl, async (db) => {
		await db.query(`begin; select from todo.lists where list = 'shared' for update`);
		let answered = 0;
		const locked = Array.from({ length: 10 }, async () => {
			const { status } = await fetch('/api/todo', { method: 'POST', body: { title: 'Two' } });
			answered += 1;
			return status;
		});
		await add('Mine', asUser());
		expect(answered).toBeLessThan(2);
		expect(await Promise.race(locked)).toBe(503);
		await db.query('rollback');
		for (const status of await Promise.all(locked)) expect([201, 503]).toContain(status);
	});
	await add('Three');
});

test('hides the todos of a list from everyone but its owner', async () => {
	const { add, titles, fetch } = await serveTodo();
	const [ada, grace, nobody] = [asUser(), asUser(), {}];
	const lists = async () => [await titles('', ada), await titles('', grace), await titles('', nobody)];
	const [hers, other, shared] = [await add('Ada’s', ada), await add('Grace’s', grace), await add('Ours', nobody)];
	expect(await lists()).toEqual([['Ada’s'], ['Grace’s'], ['Ours']]);
	for (const [headers, own, foreign] of [
		[ada, hers, other],
		[ada, hers, shared],
		[grace, other, hers],
		[nobody, shared, hers],
	] as const) {
		const at = `/api/todo/${foreign.id}`;
		expect((await fetch(at, patch({ done: true }, headers))).status).toBe(404);
		expect((await fetch(at, patch({ before: own.id }, headers))).status).toBe(404);
		expect((await fetch(`/api/todo/${own.id}`, patch({ before: foreign.id }, headers))).status).toBe(409);
		expect((await fetch(at, { method: 'DELETE', headers })).status).toBe(404);
	}
	await fetch(`/api/todo/${hers.id}`, patch({ done: true }, ada));
	for (const headers of [grace, nobody])
		expect(await (await fetch('/api/todo?done=true', { method: 'DELETE', headers })).json()).toEqual({ deleted: 0 });
	expect(await lists()).toEqual([['Ada’s'], ['Grace’s'], ['Ours']]);
});

test('answers 401 to an invalid token instead of showing the shared list', async () => {
	const { fetch } = await serveTodo();
	expect((await fetch('/api/todo', { headers: { authorization: 'Bearer guess' } })).status).toBe(401);
});

test('filters by done, and deletes the done todos only with ?done=true', async () => {
	const { add, titles, fetch } = await serveTodo();
	for (const title of ['One', 'Two', 'Three']) {
		const { id } = await add(title);
		if (title !== 'Two') await fetch(`/api/todo/${id}`, patch({ done: true }));
	}
	expect([await titles('?done=true'), await titles('?done=false')]).toEqual([['One', 'Three'], ['Two']]);
	for (const path of ['/api/todo', '/api/todo/', '/api/todo?done=false', '/api/todo?done=']) {
		const refused = await fetch(path, { method: 'DELETE' });
		expect([path, refused.status]).toEqual([path, 422]);
		expect(((await refused.json()) as { detail: string }).detail).toContain('send ?done=true');
	}
	expect(await titles()).toHaveLength(3);
	expect(await (await fetch('/api/todo?done=true', { method: 'DELETE' })).json()).toEqual({ deleted: 2 });
	expect(await titles()).toEqual(['Two']);
});

test('deletes a todo, and answers 404 to further requests for it', async () => {
	const { add, fetch } = await serveTodo();
	const { id } = await add('One');
	expect((await fetch(`/api/todo/${id}`, { method: 'DELETE' })).status).toBe(204);
	expect((await fetch(`/api/todo/${id}`, { method: 'DELETE' })).status).toBe(404);
	expect((await fetch(`/api/todo/${id}`, patch({ done: true }))).status).toBe(404);
});

test('continues with the next page even if the last todo of a page was deleted or moved', async () => {
	const { add, fetch } = await serveTodo();
	const titles = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
	for (const title of titles) await add(title);
	const seen: string[] = [];
	let next: string | undefined = '/api/todo?limit=2&done=false';
	while (next) {
		const answer: Response = await fetch(next);
		const page = (await answer.json()) as Todo[];
		seen.push(...page.map(({ title }) => title));
		const last = `/api/todo/${page.at(-1)?.id}`;
		if (seen.length === 2) await fetch(last, { method: 'DELETE' });
		if (seen.length === 4) await fetch(last, patch({ before: page[0]?.id }));
		next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
	}
	expect(seen).toEqual(titles);
});

test('limits each list to a thousand todos', async () => {
	const { add, fetch, ownerUrl } = await serveTodo();
	await asOwner(ownerUrl, (db) =>
		db.query(
			`insert into todo.todos (list, title, position) select 'shared', 'Number ' || n, n from generate_series(1, 999) n`,
		),
	);
	const answers = await Promise.all(
		[1, 2, 3, 4, 5].map((nth) => fetch('/api/todo', { method: 'POST', body: { title: `Try ${nth}` } })),
	);
	expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
	const refused = await answers.find(({ status }) => status === 409)?.json();
	expect(refused).toMatchObject({ detail: expect.stringContaining('The list is full with 1000 todos') });
	await add('Mine', asUser());
});

test.each([
	['POST', '', 'body.title', {}],
	['POST', '', 'body.title', { title: '  ' }],
	['POST', '', 'body.title', { title: 'x'.repeat(201) }],
	['PATCH', '/1', 'body', {}],
	['PATCH', '/1', 'body', { status: 'Done' }],
	['PATCH', '/1', 'body.done', { done: 'true' }],
	['PATCH', '/1', 'body.before', { before: 0 }],
	['PATCH', '/1', 'body.title', { title: null }],
	['PATCH', '/2147483648', 'params.id', { done: true }],
	['GET', '?done=yes', 'query.done', undefined],
	['GET', '?after=', 'query.after', undefined],
	['GET', '?after=1e400', 'query.after', undefined],
])('answers 422 to %s %s and names a wrong %s', async (method, path, field, body) => {
	const { fetch } = await serveTodo();
	const answer = await fetch(`/api/todo${path}`, { method, ...(body ? { body } : {}) });
	expect(answer.status).toBe(422);
	expect(await answer.json()).toMatchObject({ errors: [{ field }] });
});

test('deletes the list of a deleted account, and no other', async () => {
	const { add, titles, ownerUrl } = await serveTodo();
	const [ada, grace] = [randomUUID(), randomUUID()];
	const lists = [asUser(ada), asUser(grace), {}];
	for (const list of lists) await add('Buy milk', list);
	const consumer = await servingEvents(todo, { http, events }, { ownerUrl });
	const deleted = { type: 'account.deleted', from: 'users', subject: ada, data: { account_id: ada } } as const;
	expect((await deliver(consumer, deleted)).status).toBe(204);
	expect(await Promise.all(lists.map((list) => titles('', list)))).toEqual([[], ['Buy milk'], ['Buy milk']]);
});
