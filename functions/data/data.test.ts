import { expect, test, vi } from 'vitest';
import {
	asAdmin,
	asMigration,
	asOwner,
	freshDatabase,
	recordedLog,
	type Serving,
	serving,
} from '../../tests/testing.ts';
import type { Table } from './api.ts';
import data from './function.ts';
import * as http from './http.ts';

interface Viewer extends Serving {
	readonly ownerUrl: string;
	/** Reads a table in the schema `shelves` as JSON. */
	rows(table: string, query?: string): Promise<Record<string, unknown>[]>;
	/** Reads a table in the schema `shelves` as CSV. */
	csv(table: string, query?: string): Promise<string>;
}

/** Serves the function on the shop's tables and those that `sql` creates as a migration of the shelves. */
async function serveData(sql = 'select'): Promise<Viewer> {
	const ownerUrl = await freshDatabase();
	await asMigration(ownerUrl, 'shelves', sql);
	// A migration does this in production; the tests of the database run it in full.
	await asOwner(ownerUrl, (db) => db.query('grant select on all tables in schema shelves to bodega_data'));
	const served = await serving(data, { http }, { ownerUrl });
	const fetch: Viewer['fetch'] = (path, init) =>
		served.fetch(path, { ...init, headers: { ...asAdmin, ...(init?.headers as Record<string, string>) } });
	return {
		...served,
		fetch,
		ownerUrl,
		rows: async (table, query = '') => (await fetch(`/api/data/tables/shelves.${table}?${query}`)).json() as never,
		csv: async (table, query = '') => (await fetch(`/api/data/tables/shelves.${table}?format=csv&${query}`)).text(),
	};
}

/** Follows the links from page to page and returns all rows. */
async function follow({ fetch }: Viewer, path: string): Promise<Record<string, unknown>[]> {
	const rows: Record<string, unknown>[] = [];
	for (let next: string | undefined = path; next; ) {
		const answer: Response = await fetch(next);
		rows.push(...((await answer.json()) as Record<string, unknown>[]));
		next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
	}
	return rows;
}

test('lists the tables with their columns and an estimate of their rows', async () => {
	const { fetch, ownerUrl } = await serveData();
	await asOwner(ownerUrl, (db) => db.query('analyze shelves.titles'));
	const tables = (await (await fetch('/api/data/tables')).json()) as Table[];
	const names = tables.map(({ schema, name }) => `${schema}.${name}`);
	expect(names).toEqual(expect.arrayContaining(['fines.fines', 'shelves.titles', 'eventing.events', 'loans.loans']));
	expect(names.filter((name) => /^(pg_|information_schema)/.test(name))).toEqual([]);
	const titles = tables.find(({ schema, name }) => schema === 'shelves' && name === 'titles');
	expect(titles?.estimated_rows).toBe(5);
	expect(titles?.columns).toContainEqual({ name: 'id', type: 'integer', nullable: false, key: true });
	expect(titles?.indexes).toContainEqual(['id']);
	expect(titles?.columns).toContainEqual({ name: 'deposit', type: 'numeric(10,2)', nullable: false, key: false });
	expect(tables.find(({ name }) => name === 'fines')?.estimated_rows).toBe(0);
});

test('only an admin can read tables', async () => {
	const { fetch } = await serveData();
	for (const path of [
		'/api/data/tables',
		'/api/data/tables/shelves.titles',
		'/api/data/tables/shelves.titles?format=csv',
	])
		for (const authorization of ['', 'Bearer guess'])
			expect((await fetch(path, { headers: { authorization } })).status).toBe(401);
});

test('hides secret columns and tables, and rejects sorting or filtering by a secret column', async () => {
	const viewer = await serveData(
		'create table keys (id integer); create table readers (id integer primary key, name text, hash text)',
	);
	const { fetch, ownerUrl } = viewer;
	await asOwner(ownerUrl, (db) =>
		db.query(`insert into shelves.readers values (1, 'Ada', 'opensesame');
			revoke all on shelves.keys, shelves.readers from bodega_data; grant select (id, name) on shelves.readers to bodega_data`),
	);
	const tables = (await (await fetch('/api/data/tables')).json()) as Table[];
	expect(tables.map(({ name }) => name)).not.toContain('keys');
	expect(tables.find(({ name }) => name === 'readers')?.columns.map(({ name }) => name)).toEqual(['id', 'name']);
	expect(await viewer.rows('readers')).toEqual([{ id: 1, name: 'Ada' }]);
	expect(await viewer.csv('readers')).toBe('id,name\r\n1,Ada\r\n');
	for (const query of ['sort=hash', 'sort=-hash', 'filter=hash:contains:o'])
		expect((await fetch(`/api/data/tables/shelves.readers?${query}`)).status).toBe(422);
	for (const table of ['shelves.keys', 'shelves.nothing', 'pg_catalog.pg_class', 'shelves', 'shelves.titles;--'])
		expect([table, (await fetch(`/api/data/tables/${table}`)).status]).toEqual([table, 404]);
});

test('returns exact values, as text where JSON would round them or has no type for them', async () => {
	const { rows } =
		await serveData(`create table things (id integer primary key, "odd ""name" bigint, price numeric(10, 2),
			much numeric, yes boolean, "when" timestamptz, day date, bytes bytea, list text[], doc jsonb, none text);
		insert into things values (1, -42, 9.50, 12345678901234567890.123456789, true, '2026-01-02 03:04:05.678901+02',
			'2026-01-02', '\\xdead', '{a,"b c"}', '{"a": [1]}', null)`);
	expect(await rows('things')).toEqual([
		{
			id: 1,
			'odd "name': -42,
			price: '9.50',
			much: '12345678901234567890.123456789',
			yes: true,
			when: '2026-01-02T01:04:05.678901Z',
			day: '2026-01-02',
			bytes: '\\xdead',
			list: ['a', 'b c'],
			doc: { a: [1] },
			none: null,
		},
	]);
	expect(await rows('things', 'filter=when:eq:2026-01-02T01:04:05.678901Z&sort=odd%20"name')).toHaveLength(1);
});

test('filters rows by each operator, and by several filters together', async () => {
	const { rows } = await serveData(`create table things (id integer primary key, name text, price numeric);
		insert into things values (1, 'A 50%: sale', 1.5), (2, 'b_c', 10), (3, 'B', 9), (4, null, null)`);
	const found = async (...filters: string[]): Promise<unknown[]> =>
		(await rows('things', filters.map((filter) => `filter=${encodeURIComponent(filter)}`).join('&'))).map(
			({ id }) => id,
		);
	expect(await found()).toEqual([1, 2, 3, 4]);
	expect(await found('name:eq:B')).toEqual([3]);
	expect(await found('name:eq:A 50%: sale')).toEqual([1]);
	expect(await found('name:ne:B')).toEqual([1, 2, 4]);
	expect(await found('price:lt:10')).toEqual([1, 3]);
	expect(await found('price:gt:9')).toEqual([2]);
	expect(await found('name:contains:B')).toEqual([2, 3]);
	expect(await found('name:contains:%')).toEqual([1]);
	expect(await found('name:contains:_')).toEqual([2]);
	expect(await found('price:contains:1')).toEqual([1, 2]);
	expect(await found('name:null:true')).toEqual([4]);
	expect(await found('name:null:false', 'price:gt:1.5', 'price:lt:10')).toEqual([3]);
	expect(await found(`name:eq:' or true --`)).toEqual([]);
});

test('answers 422 with the reason when a filter, sort or page does not fit the table', async () => {
	const { fetch } = await serveData('create table things (id integer primary key, doc json)');
	const refused = async (query: string): Promise<string> => {
		const answer = await fetch(`/api/data/tables/shelves.things?${query}`);
		expect([query, answer.status]).toEqual([query, 422]);
		return ((await answer.json()) as { detail: string }).detail;
	};
	expect(await refused('filter=id:eq:one')).toContain('invalid input syntax for type integer: "one"');
	expect(await refused('filter=doc:lt:1')).toContain('operator does not exist');
	expect(await refused('filter=id:eq:99999999999')).toContain('out of range');
	expect(await refused('filter=id:eq:%00')).toContain('query');
	expect(await refused('sort=doc')).toContain('ordering operator');
	expect(await refused('sort=price')).toContain('the table has no readable column "price"; its columns are id, doc');
	for (const filter of ['id', 'id:eq', 'id:like:1', ':eq:1', 'doc:null:maybe'])
		expect(await refused(`filter=${filter}`)).toContain('expected column:operator:value');
	for (const after of ['nonsense', 'W10', Buffer.from('["-id","1"]').toString('base64url')])
		expect(await refused(`after=${after}`)).toContain('query.after');
	expect(await refused(`after=${Buffer.from('["",{}]').toString('base64url')}`)).toContain('integer');
	expect(await refused('limit=0')).toContain('query.limit');
	expect(await refused('sort=id&sort=doc')).toContain('query.sort');
});

test.each([
	['a nullable column with repeated values', 'sort=name', [5, 7, 1, 3, 2, 4, 6]],
	['a nullable column, descending', 'sort=-name', [6, 4, 2, 3, 1, 7, 5]],
	['the primary key', '', [1, 2, 3, 4, 5, 6, 7]],
	['the primary key, descending', 'sort=-id', [7, 6, 5, 4, 3, 2, 1]],
	['a column, filtered', 'sort=name&filter=id:gt:2', [5, 7, 3, 4, 6]],
])('pages of any size return every row once, in the order of %s', async (_what, query, ids) => {
	const viewer = await serveData(`create table things (id integer primary key, name text);
		insert into things values (1, 'b'), (2, null), (3, 'b'), (4, null), (5, ''), (6, null), (7, 'a')`);
	for (const limit of [1, 2, 3, 7]) {
		const rows = await follow(viewer, `/api/data/tables/shelves.things?limit=${limit}&${query}`);
		expect(rows.map(({ id }) => id)).toEqual(ids);
	}
});

test('sorts by an index of several columns in its order, unless one of them can be null or has another collation', async () => {
	const { rows, fetch } =
		await serveData(`create table things (id integer primary key, kind text, rank integer not null, note text);
		insert into things select n, 'k', -n, null from generate_series(1, 3) n;
		create index on things (kind, rank); create index on things (note, kind);
		create index on things (kind) where id > 1; create index on things (lower(kind)); create index on things (kind collate "C", id)`);
	const tables = (await (await fetch('/api/data/tables')).json()) as Table[];
	expect(tables.find(({ name }) => name === 'things')?.indexes).toEqual([['id'], ['kind', 'rank'], ['note', 'kind']]);
	expect((await rows('things', 'sort=kind')).map(({ id }) => id)).toEqual([3, 2, 1]);
	expect((await rows('things', 'sort=note')).map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('pages through tables with a composite key or no key, and by times with microseconds', async () => {
	const viewer = await serveData(`create table pairs (a integer, b text, at timestamptz, primary key (a, b));
		insert into pairs select n / 3, 'b' || n % 3, '2026-01-02'::timestamptz + n * interval '1 microsecond' from generate_series(0, 8) n;
		create table heap (name text); insert into heap select 'same' from generate_series(1, 5)`);
	const wanted = [0, 1, 2].flatMap((a) => ['b0', 'b1', 'b2'].map((b) => ({ a, b })));
	expect(await follow(viewer, '/api/data/tables/shelves.pairs?limit=2')).toMatchObject(wanted);
	expect(await follow(viewer, '/api/data/tables/shelves.pairs?limit=2&sort=-at')).toMatchObject([...wanted].reverse());
	expect(await follow(viewer, '/api/data/tables/shelves.heap?limit=2')).toHaveLength(5);
	expect(await follow(viewer, '/api/data/tables/shelves.heap?limit=2&sort=name')).toHaveLength(5);
});

test('CSV follows RFC 4180, distinguishes null from empty text, and contains no formulas', async () => {
	const { csv, fetch } =
		await serveData(`create table things (id integer primary key, "a,b" text, n numeric, doc jsonb);
		insert into things values (1, 'plain', -1.5, '{"a": 1}'), (2, 'a "quoted", text', null, null), (3, E'two\\r\\nlines', 0, '"x"'),
			(4, '', 0, 'null'), (5, null, 0, '[]'), (6, '=1+1', 0, '1'), (7, '@a', 0, '1'), (8, '-2+3', 0, '1'), (9, E'\\t=1', 0, '1')`);
	expect(await csv('things')).toBe(
		[
			'id,"a,b",n,doc',
			'1,plain,-1.5,"{""a"":1}"',
			'2,"a ""quoted"", text",,',
			'3,"two\r\nlines",0,x',
			'4,"",0,',
			'5,,0,[]',
			`6,'=1+1,0,1`,
			`7,'@a,0,1`,
			`8,'-2+3,0,1`,
			`9,'\t'=1,0,1`,
			'',
		].join('\r\n'),
	);
	const answer = await fetch('/api/data/tables/shelves.things', { headers: { accept: 'text/csv' } });
	expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
	expect(answer.headers.get('content-disposition')).toBe('attachment; filename="shelves.things.csv"');
	expect(await answer.text()).toBe(await csv('things'));
});

test('a CSV contains all rows, or as many as the limit', async () => {
	const { csv, fetch } = await serveData(
		'create table many (n integer primary key); insert into many select generate_series(1, 2000)',
	);
	const numbers = (text: string): number[] => text.trim().split('\r\n').slice(1).map(Number);
	const all = Array.from({ length: 2000 }, (_, index) => index + 1);
	expect(numbers(await csv('many'))).toEqual(all);
	expect(numbers(await csv('many', 'sort=-n&filter=n:lt:1500'))).toEqual(all.slice(0, 1499).reverse());
	const two = await fetch('/api/data/tables/shelves.many?format=csv&limit=2');
	expect(numbers(await two.text())).toEqual([1, 2]);
	const next = /^<(.+)>; rel="next"$/.exec(two.headers.get('link') ?? '')?.[1] ?? '';
	expect(numbers(await (await fetch(next)).text())).toEqual([3, 4]);
});

test('ends a question that takes too long, and says which columns are indexed', async () => {
	const log = recordedLog();
	const { fetch, ownerUrl } =
		await serveData(`create table things (id integer primary key, kind text, note text); create index on things (kind);
		insert into things values (1, 'a', '1'); alter table things enable row level security;
		create policy slow on things using (pg_sleep(1) is not null)`);
	await asOwner(ownerUrl, async (db) => {
		// The role's real timeout of 2 s would slow the test down.
		const database = new URL(ownerUrl).pathname.slice(1);
		await db.query(`alter role bodega_data in database ${database} set statement_timeout = '50ms'`);
		// The first request reads the key of the admin's token, which can take more than 50 ms on a busy machine.
		await vi.waitFor(async () => expect((await fetch('/api/data/tables')).status).toBe(200), { timeout: 10_000 });
		log.length = 0;
		for (const query of ['', '?format=csv']) {
			const answer = await fetch(`/api/data/tables/shelves.things${query}`);
			expect([query, answer.status, answer.headers.get('retry-after')]).toEqual([query, 503, '5']);
			expect(((await answer.json()) as { detail: string }).detail).toContain('Filter or sort by less');
		}
		for (const [query, field, asked] of [
			['sort=-note', 'query.sort', 'a sort by -note took'],
			['filter=kind:contains:a', 'query.filter', 'a filter kind:contains:a took'],
			[
				'filter=note:eq:1&filter=kind:eq:a&sort=note',
				'query.sort',
				'a sort by note and a filter note:eq:1 and a filter kind:eq:a took',
			],
		]) {
			const answer = await fetch(`/api/data/tables/shelves.things?${query}`);
			expect([query, answer.status, answer.headers.get('retry-after')]).toEqual([query, 422, null]);
			const { errors } = (await answer.json()) as { errors: unknown };
			const detail = expect.stringMatching(`${asked} longer than 2 s.* The indexed columns are id, kind:`);
			expect(errors).toEqual([{ field, detail }]);
		}
	});
	expect(log.filter(({ severity }) => severity === 'ERROR')).toHaveLength(2);
});
