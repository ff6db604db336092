import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import type { Declaration } from '../kit/declare/declare.ts';
import { linkMigrations, sampleShop } from '../tests/library/library.ts';
import { ownerOf, roleUrl } from '../tests/run/owner.ts';
import { asMigration, asOwner, freshDatabase } from '../tests/testing.ts';
import { migrate } from './migrate.ts';

const { root, remove } = linkMigrations();
afterAll(remove);

/** Runs statements as the reader in one session, and returns for each the rows or the SQLSTATE of the error. */
async function told(ownerUrl: string, ...statements: string[]): Promise<unknown[]> {
	return asOwner(roleUrl(ownerUrl, 'data'), async (db) => {
		const answers: unknown[] = [];
		for (const sql of statements)
			answers.push(
				await db.query(sql).then(
					({ rows }) => rows,
					(error: unknown) => (error instanceof pg.DatabaseError ? error.code : error),
				),
			);
		return answers;
	});
}
const refused = '42501';
const readOnly = '25006';

/** Runs statements as shelves, then migrates with these secrets declared by shelves. */
async function made(ownerUrl: string, sql: string, secrets: readonly string[]): Promise<void> {
	await asMigration(ownerUrl, 'shelves', sql);
	await asOwner(ownerUrl, () => migrate({ owner: ownerOf(ownerUrl), functions: withSecrets(secrets), root }));
}
const withSecrets = (secrets: readonly string[]): Declaration[] =>
	sampleShop.map((fn) => (fn.name === 'shelves' ? { ...fn, secrets } : fn));

const vault = `
	create table keys (id integer primary key, key text);
	create table readers (id integer primary key, name text, password_hash text);
	insert into keys values (1, 'opensesame');
	insert into readers select n, 'Ada', 'opensesame' from generate_series(1, 100) n;
	create view passwords as select * from readers;
	analyze keys, readers`;

test('lets the reader read the tables of every function, and the events of all emitters', async () => {
	const url = await freshDatabase();
	await asOwner(roleUrl(url, 'loans'), (db) =>
		db.query(`insert into eventing.events (source, type, subject, dataschema, traceparent, data)
			values ('/functions/loans', 'dev.bodega.loan.requested', '1', 'urn:x', '00', '{}')`),
	);
	await asOwner(roleUrl(url, 'shelves'), (db) =>
		db.query(`insert into eventing.deliveries (source, id, trigger, attempts)
			values ('/functions/loans', '1', 'shelves-on-loan-requested', 1)`),
	);
	expect(
		await told(
			url,
			'select count(*)::int as count from shelves.titles',
			'select count(*)::int as count from loans.loans',
			'select source from eventing.events',
			'select trigger from eventing.deliveries',
		),
	).toEqual([
		[{ count: 5 }],
		[{ count: 0 }],
		[{ source: '/functions/loans' }],
		[{ trigger: 'shelves-on-loan-requested' }],
	]);
});

test('prevents the reader from writing, even if it changes the settings of its session', async () => {
	const url = await freshDatabase();
	const writes = [
		'insert into shelves.titles default values',
		'update shelves.titles set copies = 0',
		'delete from shelves.titles',
		'truncate shelves.titles',
		'select from shelves.titles for update',
		`select nextval('shelves.titles_id_seq')`,
		'drop table shelves.titles',
		'create table shelves.mine ()',
		'create table eventing.mine ()',
		'create table public.mine ()',
		'create schema data',
		'create temporary table mine ()',
		'select lo_create(0)',
		'select pg_advisory_lock(1)',
		'delete from eventing.events',
		`insert into eventing.triggers values ('t', 't', 't')`,
		`copy shelves.titles to program 'cat'`,
		'set role bodega_shelves',
		'create role mine',
	];
	expect(await told(url, 'delete from eventing.events', 'create schema data')).toEqual([readOnly, readOnly]);
	const answers = await told(url, 'set default_transaction_read_only = off', ...writes);
	expect(writes.map((sql, index) => [sql, answers[index + 1]])).toEqual(writes.map((sql) => [sql, refused]));
	expect(await told(url, 'select count(*)::int as count from shelves.titles where copies = 10')).toEqual([
		[{ count: 5 }],
	]);
});

test('prevents the reader from calling a security definer function', async () => {
	const url = await freshDatabase();
	await made(
		url,
		`create function lend_all() returns void language sql security definer as 'update shelves.titles set copies = 0'`,
		[],
	);
	expect(await told(url, 'set default_transaction_read_only = off', 'select shelves.lend_all()')).toEqual([
		[],
		refused,
	]);
});

test('hides secrets from the reader by name, in whole rows, in views and in the statistics', async () => {
	const url = await freshDatabase();
	await made(url, vault, ['keys', 'readers.password_hash']);
	expect(await told(url, 'select id, name from shelves.readers where id = 1')).toEqual([[{ id: 1, name: 'Ada' }]]);
	const prying = [
		'select * from shelves.keys',
		'select count(*) from shelves.keys',
		'select * from shelves.readers',
		'select password_hash from shelves.readers',
		`select id from shelves.readers where password_hash like 'o%'`,
		'select id from shelves.readers order by password_hash',
		'select readers::text from shelves.readers',
		'select row_to_json(readers) from shelves.readers',
		'table shelves.readers',
		'copy shelves.readers to stdout',
		'select * from shelves.passwords',
		'select from pg_statistic',
		'select from pg_authid',
	];
	const answers = await told(url, ...prying);
	expect(prying.map((sql, index) => [sql, answers[index]])).toEqual(prying.map((sql) => [sql, refused]));
	const statistics = await told(
		url,
		`select tablename, attname from pg_stats where schemaname = 'shelves' and tablename in ('keys', 'readers') order by attname`,
	);
	expect(statistics).toEqual([['id', 'name'].map((attname) => ({ tablename: 'readers', attname }))]);
});

test('applies new tables, columns and secrets to the reader with the next migration', async () => {
	const url = await freshDatabase();
	await made(url, vault, []);
	expect(await told(url, 'select key from shelves.keys')).toEqual([[{ key: 'opensesame' }]]);
	await asMigration(url, 'shelves', 'alter table keys add column spare text; create table lamps (id integer)');
	expect(await told(url, 'select spare from shelves.keys', 'select from shelves.lamps')).toEqual([refused, refused]);
	await made(url, 'select', ['keys.key']);
	expect(
		await told(url, 'select spare from shelves.keys', 'select id from shelves.lamps', 'select key from shelves.keys'),
	).toEqual([[{ spare: null }], [], refused]);
	await made(url, 'select', ['keys']);
	expect(await told(url, 'select spare from shelves.keys')).toEqual([refused]);
});

test('lets the reader read rows that a function protects by row security', async () => {
	const url = await freshDatabase();
	await made(url, 'alter table titles enable row level security', []);
	expect(await told(url, 'select count(*)::int as count from shelves.titles')).toEqual([[{ count: 5 }]]);
	await made(url, 'select', []);
	expect(await told(url, 'select count(*)::int as count from shelves.titles')).toEqual([[{ count: 5 }]]);
});

test('fails the migration when a secret is neither a table nor a column', async () => {
	const ownerUrl = await freshDatabase();
	for (const secret of ['key', 'titles.password', 'titles.titles'])
		await expect(migrate({ owner: ownerOf(ownerUrl), functions: withSecrets([secret]), root })).rejects.toThrow(
			`declares the secret "${secret}", but has no such table or column`,
		);
});

test('limits each query of the reader to two seconds', async () => {
	expect(await told(await freshDatabase(), 'show statement_timeout')).toEqual([[{ statement_timeout: '2s' }]]);
});
