import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { functions } from '../functions/index.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import { asOwner, freshDatabase } from '../tests/testing.ts';
import { migrate } from './migrate.ts';
import { urlOf } from './roles.ts';

const root = join(import.meta.dirname, '..');

/** Runs statements as the reader in one session, and returns for each the rows or the SQLSTATE of the error. */
async function told(ownerUrl: string, ...statements: string[]): Promise<unknown[]> {
	return asOwner(urlOf(ownerUrl, 'data'), async (db) => {
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

/** Runs statements as books, then migrates with these secrets declared by books. */
async function made(ownerUrl: string, sql: string, secrets: readonly string[]): Promise<void> {
	await asOwner(urlOf(ownerUrl, 'books'), (db) => db.query(sql));
	await asOwner(ownerUrl, () => migrate({ ownerUrl, functions: withSecrets(secrets), root }));
}
const withSecrets = (secrets: readonly string[]): Declaration[] =>
	functions.map((fn) => (fn.name === 'books' ? { ...fn, secrets } : fn));

const vault = `
	create table keys (id integer primary key, key text);
	create table readers (id integer primary key, name text, password_hash text);
	insert into keys values (1, 'opensesame');
	insert into readers select n, 'Ada', 'opensesame' from generate_series(1, 100) n;
	create view passwords as select * from readers;
	analyze keys, readers`;

test('lets the reader read the tables of every function, and the events of all emitters', async () => {
	const url = await freshDatabase();
	await asOwner(urlOf(url, 'orders'), (db) =>
		db.query(`insert into eventing.events (source, type, subject, dataschema, traceparent, data)
			values ('/functions/orders', 'dev.bodega.order.placed', '1', 'urn:x', '00', '{}')`),
	);
	await asOwner(urlOf(url, 'books'), (db) =>
		db.query(`insert into eventing.deliveries (source, id, trigger, attempts)
			values ('/functions/orders', '1', 'books-on-order-placed', 1)`),
	);
	expect(
		await told(
			url,
			'select count(*) from books.books',
			'select count(*) from orders.orders',
			'select source from eventing.events',
			'select trigger from eventing.deliveries',
		),
	).toEqual([
		[{ count: 5 }],
		[{ count: 0 }],
		[{ source: '/functions/orders' }],
		[{ trigger: 'books-on-order-placed' }],
	]);
});

test('prevents the reader from writing, even if it changes the settings of its session', async () => {
	const url = await freshDatabase();
	const writes = [
		'insert into books.books default values',
		'update books.books set stock = 0',
		'delete from books.books',
		'truncate books.books',
		'select from books.books for update',
		`select nextval('books.books_id_seq')`,
		'drop table books.books',
		'create table books.mine ()',
		'create table eventing.mine ()',
		'create table public.mine ()',
		'create schema data',
		'delete from eventing.events',
		`insert into eventing.triggers values ('t', 't', 't')`,
		`copy books.books to program 'cat'`,
		'set role bodega_books',
		'create role mine',
	];
	expect(await told(url, 'select lo_create(0)', 'create temporary table mine ()')).toEqual([readOnly, readOnly]);
	const answers = await told(url, 'set default_transaction_read_only = off', ...writes);
	expect(writes.map((sql, index) => [sql, answers[index + 1]])).toEqual(writes.map((sql) => [sql, refused]));
	expect(await told(url, 'select count(*) from books.books where stock = 10')).toEqual([[{ count: 5 }]]);
});

test('prevents the reader from calling a security definer function', async () => {
	const url = await freshDatabase();
	await made(
		url,
		`create function sell_out() returns void language sql security definer as 'update books.books set stock = 0'`,
		[],
	);
	expect(await told(url, 'set default_transaction_read_only = off', 'select books.sell_out()')).toEqual([[], refused]);
});

test('hides secrets from the reader by name, in whole rows, in views and in the statistics', async () => {
	const url = await freshDatabase();
	await made(url, vault, ['keys', 'readers.password_hash']);
	expect(await told(url, 'select id, name from books.readers where id = 1')).toEqual([[{ id: 1, name: 'Ada' }]]);
	const prying = [
		'select * from books.keys',
		'select count(*) from books.keys',
		'select * from books.readers',
		'select password_hash from books.readers',
		`select id from books.readers where password_hash like 'o%'`,
		'select id from books.readers order by password_hash',
		'select readers::text from books.readers',
		'select row_to_json(readers) from books.readers',
		'table books.readers',
		'copy books.readers to stdout',
		'select * from books.passwords',
		'select from pg_statistic',
		'select from pg_authid',
	];
	const answers = await told(url, ...prying);
	expect(prying.map((sql, index) => [sql, answers[index]])).toEqual(prying.map((sql) => [sql, refused]));
	const statistics = await told(
		url,
		`select tablename, attname from pg_stats where schemaname = 'books' and tablename in ('keys', 'readers') order by attname`,
	);
	expect(statistics).toEqual([['id', 'name'].map((attname) => ({ tablename: 'readers', attname }))]);
});

test('applies new tables, columns and secrets to the reader with the next migration', async () => {
	const url = await freshDatabase();
	await made(url, vault, []);
	expect(await told(url, 'select key from books.keys')).toEqual([[{ key: 'opensesame' }]]);
	await asOwner(urlOf(url, 'books'), (db) =>
		db.query('alter table keys add column spare text; create table shelves (id integer)'),
	);
	expect(await told(url, 'select spare from books.keys', 'select from books.shelves')).toEqual([refused, refused]);
	await made(url, 'select', ['keys.key']);
	expect(
		await told(url, 'select spare from books.keys', 'select id from books.shelves', 'select key from books.keys'),
	).toEqual([[{ spare: null }], [], refused]);
	await made(url, 'select', ['keys']);
	expect(await told(url, 'select spare from books.keys')).toEqual([refused]);
});

test('lets the reader read rows that a function protects by row security', async () => {
	const url = await freshDatabase();
	await made(url, 'alter table books enable row level security', []);
	expect(await told(url, 'select count(*) from books.books')).toEqual([[{ count: 5 }]]);
	await made(url, 'select', []);
	expect(await told(url, 'select count(*) from books.books')).toEqual([[{ count: 5 }]]);
});

test('fails the migration when a secret is neither a table nor a column', async () => {
	const ownerUrl = await freshDatabase();
	for (const secret of ['key', 'books.password', 'books.books'])
		await expect(migrate({ ownerUrl, functions: withSecrets([secret]), root })).rejects.toThrow(
			`declares the secret "${secret}", but has no such table or column`,
		);
});

test('limits each query of the reader to five seconds', async () => {
	expect(await told(await freshDatabase(), 'show statement_timeout')).toEqual([[{ statement_timeout: '5s' }]]);
});
