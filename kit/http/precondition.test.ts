import { expect, test } from 'vitest';
import * as z from 'zod';
import '../../tests/library/catalog.ts';
import { asOwner, freshDatabase, type Serving, serving } from '../../tests/testing.ts';
import { contract } from '../declare/contract.ts';
import { declare } from '../declare/declare.ts';
import { integer } from '../fields/numeral.ts';
import { implement } from './http.ts';
import { found } from './problem.ts';

const params = z.object({ id: integer(1, 1_000) });
const Title = z.object({ id: z.int(), copies: z.int() });
const body = z.object({ copies: z.int() });

const api = contract('/api/shelves', {
	get: { method: 'GET', path: '/:id', summary: '', params, returns: Title, problems: [404] },
	put: { method: 'PUT', path: '/:id', summary: '', params, body, returns: Title, problems: [404] },
	patch: { method: 'PATCH', path: '/:id', summary: '', params, body, returns: Title, problems: [404] },
	create: { method: 'DELETE', path: '/:id', summary: '', params, status: 204, problems: [404] },
	clear: { method: 'DELETE', path: '/', summary: '', status: 204 },
});

/** Named shelves because the database has a role of that name. */
const shelves = declare({ name: 'shelves', purpose: 'A test function.', api, data: true });

/** Called within a PATCH, after its precondition was checked. */
let between: () => Promise<unknown> = async () => {};

const change = 'update titles set copies = $2 where id = $1 returning id, copies';
const operations = implement(api, {
	async get({ params: { id } }, { db }) {
		return found((await db.query('select id, copies from titles where id = $1', [id])).rows[0], 'title', id);
	},
	// One statement, without a transaction.
	async put({ params: { id }, body: { copies } }, { db }) {
		return found((await db.query(change, [id, copies])).rows[0], 'title', id);
	},
	patch: ({ params: { id }, body: { copies } }, context) =>
		context.transaction(async (tx) => {
			await between();
			return found((await tx.query(change, [id, copies])).rows[0], 'title', id);
		}),
	async create({ params: { id } }, { db }) {
		await db.query(`insert into titles (id, title, deposit, copies) overriding system value values ($1, '', 0, 0)`, [
			id,
		]);
		return undefined;
	},
	clear: () => undefined,
});

const serve = async (): Promise<Serving> =>
	serving(shelves, { http: { operations } }, { ownerUrl: await freshDatabase() });
const path = '/api/shelves/1';
const copiesOf = async ({ fetch }: Serving): Promise<number> =>
	((await (await fetch(path)).json()) as { copies: number }).copies;
const versionOf = async ({ fetch }: Serving): Promise<string> => (await fetch(path)).headers.get('etag') ?? '';

test.each(['PUT', 'PATCH'])('%s changes the version that If-Match names, and no other', async (method) => {
	const served = await serve();
	const before = await copiesOf(served);
	const send = (ifMatch: string) =>
		served.fetch(path, { method, headers: { 'if-match': ifMatch }, body: { copies: before + 1 } });
	const etag = await versionOf(served);
	const others = [
		'"other"',
		`W/${etag}`,
		etag.slice(1, -1),
		etag.slice(0, -1),
		'x',
		'',
		',',
		`x${etag}`,
		`${etag}x`,
		'**',
		'"*"',
	];
	for (const other of others) {
		const refused = await send(other);
		expect([other, refused.status]).toEqual([other, 412]);
		expect(await refused.json()).toMatchObject({ status: 412, title: 'Precondition Failed' });
	}
	expect(await copiesOf(served)).toBe(before);
	const right = ['*', etag, `"a,b" , W/"c",${etag}`, ` ${etag} ,`];
	for (const each of right) {
		expect([each, (await send(each.replace(etag, await versionOf(served)))).status]).toEqual([each, 200]);
		expect(await copiesOf(served)).toBe(before + 1);
	}
	// The version of before is gone.
	expect((await send(etag)).status).toBe(412);
});

test('honours If-None-Match in a change, comparing weakly', async () => {
	const served = await serve();
	const etag = await versionOf(served);
	const send = (ifNoneMatch: string) =>
		served.fetch(path, { method: 'PUT', headers: { 'if-none-match': ifNoneMatch }, body: { copies: 77 } });
	for (const tags of ['*', etag, `W/${etag}`, `"x", ${etag}`])
		expect([tags, (await send(tags)).status]).toEqual([tags, 412]);
	expect((await send('"x"')).status).toBe(200);
});

test('answers as without preconditions when the resource does not exist', async () => {
	const { fetch } = await serve();
	for (const headers of [{ 'if-match': '*' }, { 'if-match': '"x"' }, { 'if-none-match': '*' }])
		expect((await fetch('/api/shelves/999', { method: 'PUT', headers, body: { copies: 1 } })).status).toBe(404);
	expect((await fetch(path, { method: 'PUT', headers: { 'if-match': '"x"' }, body: {} })).status).toBe(422);
});

test('creates with If-None-Match: *, once, and never with If-Match', async () => {
	const { fetch } = await serve();
	const create = (headers: Record<string, string>) => fetch('/api/shelves/50', { method: 'DELETE', headers });
	for (const tags of ['*', '"x"']) expect((await create({ 'if-match': tags })).status).toBe(412);
	expect((await fetch('/api/shelves/50')).status).toBe(404);
	expect((await create({ 'if-none-match': '*' })).status).toBe(204);
	expect((await create({ 'if-none-match': '*' })).status).toBe(412);
});

test('refuses a change of a resource without a version when If-Match names one', async () => {
	const { fetch } = await serve();
	const clear = (ifMatch: string) => fetch('/api/shelves', { method: 'DELETE', headers: { 'if-match': ifMatch } });
	expect([(await clear('"x"')).status, (await clear('*')).status]).toEqual([412, 204]);
});

test('loses no change that is committed between the check and the change', async () => {
	const served = await serve();
	const etag = await versionOf(served);
	let times = 0;
	between = async () => {
		times += 1;
		await asOwner(served.ownerUrl ?? '', (db) =>
			db.query('update shelves.titles set copies = 1000 + $1 where id = 1', [times]),
		);
	};
	const answer = await served.fetch(path, { method: 'PATCH', headers: { 'if-match': etag }, body: { copies: 5 } });
	expect([answer.status, await copiesOf(served), times]).toEqual([412, 1001, 1]);
	// Any version will do, but each try finds the row changed since its snapshot.
	const busy = await served.fetch(path, { method: 'PATCH', headers: { 'if-match': '*' }, body: { copies: 5 } });
	expect([busy.status, busy.headers.get('retry-after'), times]).toEqual([503, '2', 6]);
	between = async () => {};
	const etags = await versionOf(served);
	const send = (copies: number) =>
		served
			.fetch(path, { method: 'PATCH', headers: { 'if-match': etags }, body: { copies } })
			.then(({ status }) => status);
	expect((await Promise.all([1, 2, 3, 4].map(send))).sort()).toEqual([200, 412, 412, 412]);
});
