import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { triggersOf } from '../eventing/delivery.ts';
import { functions } from '../functions/index.ts';
import { type Declaration, declare } from '../kit/declare/declare.ts';
import { asOwner, freshDatabase, postgresUrl } from '../tests/testing.ts';
import { migrate } from './migrate.ts';
import { dropAll } from './reset.ts';
import { schemaOf, urlOf } from './roles.ts';

const root = join(import.meta.dirname, '..');

/** Runs a statement with a function's role, and returns the rows or the SQLSTATE of the error. */
async function as(fn: string, ownerUrl: string, sql: string): Promise<unknown> {
	try {
		return await asOwner(urlOf(ownerUrl, fn), async (db) => (await db.query(sql)).rows);
	} catch (error) {
		if (error instanceof pg.DatabaseError) return error.code;
		throw error;
	}
}
const refused = '42501';

const event = (source: string, type = 'dev.bodega.order.placed'): string =>
	`insert into eventing.events (source, type, subject, dataschema, traceparent, data)
	 values ('${source}', '${type}', '1', 'urn:x', '00', '{}')`;
const delivery = (trigger: string): string =>
	`insert into eventing.deliveries (source, id, trigger, attempts) values ('/functions/orders', '1', '${trigger}', 1)`;

test('lets a function read and write its own schema only', async () => {
	const url = await freshDatabase();
	expect(await as('books', url, 'select count(*) from books')).toEqual([{ count: 5 }]);
	expect(await as('books', url, 'create table shelves (id integer)')).toEqual([]);
	for (const sql of [
		'select from orders.orders',
		'select from billing.invoices',
		'delete from orders.orders',
		'create table public.mine ()',
		'create table orders.mine ()',
	])
		expect([sql, await as('books', url, sql)]).toEqual([sql, refused]);
	for (const sql of ['select from books.books', 'set role bodega_books', 'create role mine', 'create schema mine'])
		expect([sql, await as('orders', url, sql)]).toEqual([sql, refused]);
});

test('lets a function write events only as itself and of its declared types, and read its own', async () => {
	const url = await freshDatabase();
	expect(await as('orders', url, event('/functions/orders'))).toEqual([]);
	expect(await as('orders', url, event('/functions/books'))).toBe(refused);
	expect(await as('books', url, event('/functions/books', 'dev.bodega.stock.reserved'))).toEqual([]);
	expect(await as('books', url, event('/functions/books'))).toBe(refused);
	expect(await as('orders', url, 'select source from eventing.events')).toEqual([{ source: '/functions/orders' }]);
	for (const sql of [
		'update eventing.events set data = default',
		'delete from eventing.events',
		`insert into eventing.triggers values ('t', 't', 'orders')`,
	])
		expect([sql, await as('orders', url, sql)]).toEqual([sql, refused]);
});

test('lets a function write and read deliveries of its own triggers only', async () => {
	const url = await freshDatabase();
	expect(await as('books', url, delivery('books-on-order-placed'))).toEqual([]);
	expect(await as('books', url, delivery('billing-on-stock-reserved'))).toBe(refused);
	expect(await as('books', url, delivery('nowhere'))).toBe(refused);
	expect(await as('billing', url, 'select from eventing.deliveries')).toEqual([]);
	expect(await as('billing', url, 'update eventing.deliveries set handled_at = now() returning id')).toEqual([]);
	expect(await as('books', url, 'select trigger, handled_at from eventing.deliveries')).toEqual([
		{ trigger: 'books-on-order-placed', handled_at: null },
	]);
	expect(await as('books', url, 'delete from eventing.deliveries')).toBe(refused);
});

test('lets the event log and the relay read all events, and write only their own tables and columns', async () => {
	const url = await freshDatabase();
	await as('orders', url, event('/functions/orders'));
	await as('books', url, delivery('books-on-order-placed'));
	for (const fn of ['event-log', 'relay']) {
		expect(await as(fn, url, 'select source from eventing.events')).toEqual([{ source: '/functions/orders' }]);
		expect(await as(fn, url, 'select id from eventing.deliveries')).toEqual([{ id: '1' }]);
		expect(await as(fn, url, 'select from eventing.dead_letters')).toEqual([]);
		for (const sql of [
			event(`/functions/${fn}`),
			event('/functions/orders'),
			delivery('books-on-order-placed'),
			`update eventing.events set data = '{}'`,
			'update eventing.deliveries set handled_at = now()',
			'delete from eventing.events',
			'select from orders.orders',
		])
			expect([fn, sql, await as(fn, url, sql)]).toEqual([fn, sql, refused]);
	}
	const letter = `insert into eventing.dead_letters (source, event_id, trigger, event) values ('/functions/orders', '1', 't', '{}')`;
	expect(await as('event-log', url, letter)).toEqual([]);
	expect(
		await as('event-log', url, `update eventing.dead_letters set resolution = 'replayed' returning trigger`),
	).toEqual([{ trigger: 't' }]);
	expect(await as('event-log', url, 'update eventing.events set settled_at = now()')).toBe(refused);
	const drill = `insert into eventing.drills (function, ends_at) values ('books', now())`;
	expect(await as('event-log', url, drill)).toEqual([]);
	for (const fn of ['books', 'relay']) expect(await as(fn, url, drill)).toBe(refused);
	expect(await as('relay', url, letter)).toBe(refused);
	expect(await as('relay', url, 'update eventing.events set relays = 1 returning relays')).toEqual([{ relays: 1 }]);
	for (const fn of ['books', 'orders', 'billing'])
		expect(await as(fn, url, 'select from eventing.dead_letters')).toBe(refused);
});

test('revokes the right to write events and deliveries from a function that stops emitting and reacting', async () => {
	const url = await emptyDatabase();
	const quiet = functions.map((fn) => (fn.name === 'books' ? { ...fn, reacts: [], emits: [] } : fn));
	await migrate({ ownerUrl: url, functions, root });
	expect(await as('books', url, event('/functions/books', 'dev.bodega.stock.reserved'))).toEqual([]);
	expect(await as('books', url, event('/functions/books'))).toBe(refused);
	await migrate({ ownerUrl: url, functions: quiet, root });
	expect(await as('books', url, event('/functions/books'))).toBe(refused);
	expect(await as('books', url, delivery('books-on-order-placed'))).toBe(refused);
});

/** Creates an empty database, which belongs to `owner` if given. */
async function emptyDatabase(owner?: string): Promise<string> {
	const url = await freshDatabase();
	await dropAll(url, functions);
	if (owner) await asOwner(url, (db) => db.query(`alter database ${new URL(url).pathname.slice(1)} owner to ${owner}`));
	return url;
}

const migrations = (url: string): Promise<unknown[]> =>
	asOwner(url, async (db) => {
		const tables = ['eventing', 'books', 'orders', 'billing'].map(
			(schema) => `select '${schema}' as schema, name from ${schema}.migrations`,
		);
		return (await db.query(tables.join(' union all '))).rows;
	});

/** The log lines of all migrations, in order. */
const everyMigration = [
	{ name: 'eventing', folder: 'eventing' },
	...functions.map(({ name }) => ({ name: schemaOf(name), folder: `functions/${name}` })),
].flatMap(({ name, folder }) =>
	globSync(`${folder}/migrations/*.sql`, { cwd: root })
		.sort()
		.map((file) => `migrated ${name}: ${basename(file, '.sql')}`),
);

test('runs all migrations on an empty database, and changes nothing the second time', async () => {
	const url = await emptyDatabase();
	const lines: string[] = [];
	await migrate({ ownerUrl: url, functions, root, log: (line) => lines.push(line) });
	expect(lines).toEqual(everyMigration);
	expect(lines).toEqual(expect.arrayContaining(['migrated eventing: 001-eventing', 'migrated books: 001-books']));
	await as('books', url, 'update books set stock = 3 where id = 1');
	const before = await migrations(url);
	await migrate({ ownerUrl: url, functions, root, log: (line) => lines.push(line) });
	expect(lines).toEqual(everyMigration);
	expect(await migrations(url)).toEqual(before);
	expect(await as('books', url, 'select stock from books where id = 1')).toEqual([{ stock: 3 }]);
});

test('does not disturb a running function when only the grants are renewed', async () => {
	const url = await freshDatabase();
	await asOwner(url, async (watcher) => {
		const { rows } = await watcher.query<{ pid: number }>('select pg_backend_pid() as pid');
		// Runs within the server, so that it checks more often than the migration takes a step.
		const watch = watcher.query(`do $$ begin loop
			if not exists (select from pg_class, aclexplode(relacl) where pg_class.oid = 'eventing.events'::regclass
				and grantee = 'bodega_orders'::regrole and privilege_type = 'INSERT') then raise 'orders cannot write events'; end if;
		end loop; end $$`);
		const watched = expect(watch).rejects.toThrow('canceling statement due to user request');
		await asOwner(urlOf(url, 'books'), async (books) => {
			await books.query('begin');
			await books.query(delivery('books-on-order-placed'));
			await migrate({ ownerUrl: url, functions, root });
			await books.query(event('/functions/books', 'dev.bodega.stock.reserved'));
			await books.query('commit');
		});
		await asOwner(url, (db) => db.query('select pg_cancel_backend($1)', [rows[0]?.pid]));
		await watched;
	});
});

test('migrates a shop from before declared emissions while its functions emit', async () => {
	const url = await freshDatabase();
	await asOwner(url, (db) =>
		db.query(`alter policy emitter on eventing.events
				with check (source = '/functions/' || eventing.current_function());
			drop table eventing.emissions;
			delete from eventing.migrations where name = '005-emissions'`),
	);
	expect(await as('orders', url, event('/functions/orders'))).toEqual([]);
	let migrated = false;
	const migration = migrate({ ownerUrl: url, functions, root }).then(() => {
		migrated = true;
	});
	while (!migrated) expect(await as('orders', url, event('/functions/orders'))).toEqual([]);
	await migration;
	expect(await as('orders', url, event('/functions/orders', 'dev.bodega.invoice.issued'))).toBe(refused);
});

test('runs concurrent migrations of one database in turn', async () => {
	const url = await emptyDatabase();
	const lines: string[] = [];
	const run = (): Promise<void> => migrate({ ownerUrl: url, functions, root, log: (line) => lines.push(line) });
	await Promise.all([run(), run(), run()]);
	expect(lines).toEqual(everyMigration);
	expect(await as('books', url, 'select count(*) from books')).toEqual([{ count: 5 }]);
});

test('migrates databases of one server in parallel, although they share its roles', async () => {
	const urls = await Promise.all(Array.from({ length: 4 }, () => emptyDatabase()));
	await Promise.all(urls.map((ownerUrl) => migrate({ ownerUrl, functions, root })));
	for (const url of urls) expect(await as('books', url, 'select count(*) from books')).toEqual([{ count: 5 }]);
});

test('updates the list of triggers from the declarations', async () => {
	const url = await freshDatabase();
	const names = (): Promise<unknown[]> =>
		asOwner(url, async (db) => (await db.query('select name, type, function from eventing.triggers')).rows);
	const expected = (declarations: readonly Declaration[]): Set<unknown> =>
		new Set(triggersOf(declarations).map((trigger) => ({ ...trigger, type: attributeOf(trigger.type) })));
	expect(new Set(await names())).toEqual(expected(functions));
	const without = functions.map((fn) => (fn.name === 'billing' ? { ...fn, reacts: fn.reacts.slice(0, 1) } : fn));
	await migrate({ ownerUrl: url, functions: without, root });
	expect(new Set(await names())).toEqual(expected(without));
	expect(triggersOf(without)).toHaveLength(triggersOf(functions).length - 1);
});

/** Creates a folder with the eventing migrations and one migration of another function. */
function folderWith(fn: string, sql: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-migrations-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	cpSync(join(root, 'eventing', 'migrations'), join(folder, 'eventing', 'migrations'), { recursive: true });
	mkdirSync(join(folder, 'functions', fn, 'migrations'), { recursive: true });
	writeFileSync(join(folder, 'functions', fn, 'migrations', '001-first.sql'), sql);
	return folder;
}

/** Creates an owner with its own database. The roles belong to the server, so they are dropped after the test. */
async function keeper(attributes: string, fn: string): Promise<string> {
	const server = await postgresUrl();
	const sql = (text: string): Promise<unknown> => asOwner(server, (db) => db.query(text));
	await sql(`create role keeper_${fn} login ${attributes} password 'secret'`);
	onTestFinished(() =>
		sql(`drop role if exists bodega_${fn}; drop role if exists bodega_${fn}_reader; drop role keeper_${fn}`).then(
			() => {},
		),
	);
	const url = new URL(await emptyDatabase(`keeper_${fn}`));
	url.username = `keeper_${fn}`;
	url.password = 'secret';
	return url.href;
}

const withData = (name: string): Declaration => declare({ name, purpose: 'A test function.', data: true });

test('needs only an owner that can create roles, not a superuser', async () => {
	const ownerUrl = await keeper('createrole', 'tea');
	const reader = declare({ name: 'tea-reader', purpose: 'Reads.', data: { connections: 2, reads: 'everything' } });
	const root = folderWith('tea', 'create table cups (id integer); alter table cups enable row level security');
	for (const _ of [1, 2]) await migrate({ ownerUrl, functions: [withData('tea'), reader], root });
	for (const fn of ['tea', 'tea-reader'])
		expect(await as(fn, ownerUrl, 'select count(*) from tea.cups')).toEqual([{ count: 0 }]);
	expect(await as('tea-reader', ownerUrl, 'select count(*) from eventing.events')).toEqual([{ count: 0 }]);
	expect(await as('tea', ownerUrl, 'select from eventing.dead_letters')).toBe(refused);
});

test('rejects an owner that cannot create roles', async () => {
	const ownerUrl = await keeper('nocreaterole', 'coffee');
	const run = migrate({ ownerUrl, functions: [withData('coffee')], root: folderWith('coffee', '') });
	await expect(run).rejects.toThrow('cannot create roles, and each function needs its own. Allow it with: alter role');
});

test('rejects a database whose encoding is not UTF-8', async () => {
	const url = new URL(await freshDatabase());
	const name = `${url.pathname.slice(1)}_ascii`;
	await asOwner(url.href, (db) =>
		db.query(`create database ${name} template template0 encoding 'SQL_ASCII' locale 'C' locale_provider libc`),
	);
	const server = await postgresUrl();
	onTestFinished(async () => void (await asOwner(server, (db) => db.query(`drop database ${name}`))));
	const ascii = new URL(url);
	ascii.pathname = `/${name}`;
	await expect(migrate({ ownerUrl: ascii.href, functions, root })).rejects.toThrow('in SQL_ASCII; Bodega needs UTF8');
});

test('runs a migration as its function’s role, and rolls it back when it uses the tables of another', async () => {
	const server = await postgresUrl();
	onTestFinished(async () => void (await asOwner(server, (db) => db.query('drop role bodega_grasping'))));
	const ownerUrl = await freshDatabase();
	const grasping = withData('grasping');
	const folder = folderWith('grasping', 'create table mine (); insert into books.books default values;');
	await expect(migrate({ ownerUrl, functions: [...functions, grasping], root: folder })).rejects.toThrow(
		'permission denied for schema books',
	);
	expect(await as('grasping', ownerUrl, 'select from mine')).toBe('42P01');
});

test('drops the schemas of the shop, and nothing else', async () => {
	const url = await freshDatabase();
	const owner = (sql: string): Promise<unknown[]> => asOwner(url, async (db) => (await db.query(sql)).rows);
	await owner('create table public.kept as select 1 as one');
	await dropAll(url, functions);
	expect(await owner('select one from public.kept')).toEqual([{ one: 1 }]);
	expect(
		await owner(`select nspname from pg_namespace where nspname in ('eventing', 'books', 'orders', 'billing')`),
	).toEqual([]);
});
