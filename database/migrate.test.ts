import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { triggersOf } from '../eventing/delivery.ts';
import { functions } from '../functions/index.ts';
import { roleSettings } from '../kit/data/limits.ts';
import { type Declaration, declare } from '../kit/declare/declare.ts';
import { linkMigrations, samples } from '../tests/library/library.ts';
import { emptyDatabase, olderShop } from '../tests/older-shop.ts';
import { ownerOf, roleUrl } from '../tests/run/owner.ts';
import { asOwner, freshDatabase, postgresUrl } from '../tests/testing.ts';
import { migrate } from './migrate.ts';
import { dropAll } from './reset.ts';
import { schemaOf } from './roles.ts';

const { root, remove } = linkMigrations();
afterAll(remove);
/** The functions whose migrations `freshDatabase` contains. */
const all = [...functions, ...samples];

/** Runs a statement with a function's role, and returns the rows or the SQLSTATE of the error. */
async function as(fn: string, ownerUrl: string, sql: string): Promise<unknown> {
	try {
		return await asOwner(roleUrl(ownerUrl, fn), async (db) => (await db.query(sql)).rows);
	} catch (error) {
		if (error instanceof pg.DatabaseError) return error.code;
		throw error;
	}
}
const refused = '42501';

const event = (source: string, type = 'dev.bodega.loan.requested'): string =>
	`insert into eventing.events (source, type, subject, dataschema, traceparent, data)
	 values ('${source}', '${type}', '1', 'urn:x', '00', '{}')`;
const delivery = (trigger: string): string =>
	`insert into eventing.deliveries (source, id, trigger, attempts) values ('/functions/loans', '1', '${trigger}', 1)`;

test('lets a function read and write the rows of its own schema only', async () => {
	const url = await freshDatabase();
	expect(await as('shelves', url, 'select count(*)::int as count from titles')).toEqual([{ count: 5 }]);
	expect(await as('shelves', url, 'update titles set copies = 3 where id = 1 returning copies')).toEqual([
		{ copies: 3 },
	]);
	expect(await as('shelves', url, 'delete from titles where id = 5')).toEqual([]);
	for (const sql of [
		'create table lamps (id integer)',
		'create temporary table lamps (id integer)',
		'alter table titles add column lamp text',
		'drop table titles',
		'truncate titles',
		'select from migrations',
		'select from eventing.migrations',
		'select from loans.loans',
		'select from fines.fines',
		'delete from loans.loans',
		'create table public.mine ()',
		'create table loans.mine ()',
	])
		expect([sql, await as('shelves', url, sql)]).toEqual([sql, refused]);
	for (const sql of ['select from shelves.titles', 'set role bodega_shelves', 'create role mine', 'create schema mine'])
		expect([sql, await as('loans', url, sql)]).toEqual([sql, refused]);
});

test('lets a function write events only as itself and of its declared types, and read its own', async () => {
	const url = await freshDatabase();
	expect(await as('loans', url, event('/functions/loans'))).toEqual([]);
	expect(await as('loans', url, event('/functions/shelves'))).toBe(refused);
	expect(await as('shelves', url, event('/functions/shelves', 'dev.bodega.copy.reserved'))).toEqual([]);
	expect(await as('shelves', url, event('/functions/shelves'))).toBe(refused);
	expect(await as('loans', url, 'select source from eventing.events')).toEqual([{ source: '/functions/loans' }]);
	for (const sql of [
		'update eventing.events set data = default',
		'delete from eventing.events',
		`insert into eventing.triggers values ('t', 't', 'loans')`,
	])
		expect([sql, await as('loans', url, sql)]).toEqual([sql, refused]);
});

test('lets a function write and read deliveries of its own triggers only', async () => {
	const url = await freshDatabase();
	expect(await as('shelves', url, delivery('shelves-on-loan-requested'))).toEqual([]);
	expect(await as('shelves', url, delivery('fines-on-copy-reserved'))).toBe(refused);
	expect(await as('shelves', url, delivery('nowhere'))).toBe(refused);
	expect(await as('fines', url, 'select from eventing.deliveries')).toEqual([]);
	expect(await as('fines', url, 'update eventing.deliveries set handled_at = now() returning id')).toEqual([]);
	expect(await as('shelves', url, 'select trigger, handled_at from eventing.deliveries')).toEqual([
		{ trigger: 'shelves-on-loan-requested', handled_at: null },
	]);
	expect(await as('shelves', url, 'delete from eventing.deliveries')).toBe(refused);
});

test('lets the event log and the relay read all events, and write only their own tables and columns', async () => {
	const url = await freshDatabase();
	await as('loans', url, event('/functions/loans'));
	await as('shelves', url, delivery('shelves-on-loan-requested'));
	for (const fn of ['event-log', 'relay']) {
		expect(await as(fn, url, 'select source from eventing.events')).toEqual([{ source: '/functions/loans' }]);
		expect(await as(fn, url, 'select id from eventing.deliveries')).toEqual([{ id: '1' }]);
		expect(await as(fn, url, 'select from eventing.dead_letters')).toEqual([]);
		for (const sql of [
			event(`/functions/${fn}`),
			event('/functions/loans'),
			delivery('shelves-on-loan-requested'),
			`update eventing.events set data = '{}'`,
			'update eventing.deliveries set handled_at = now()',
			'delete from eventing.events',
			'select from loans.loans',
		])
			expect([fn, sql, await as(fn, url, sql)]).toEqual([fn, sql, refused]);
	}
	const letter = `insert into eventing.dead_letters (source, event_id, trigger, event) values ('/functions/loans', '1', 't', '{}')`;
	expect(await as('event-log', url, letter)).toEqual([]);
	expect(
		await as('event-log', url, `update eventing.dead_letters set resolution = 'replayed' returning trigger`),
	).toEqual([{ trigger: 't' }]);
	expect(await as('event-log', url, 'update eventing.events set settled_at = now()')).toBe(refused);
	const drill = `insert into eventing.drills (function, ends_at) values ('shelves', now())`;
	expect(await as('event-log', url, drill)).toEqual([]);
	for (const fn of ['shelves', 'relay']) expect(await as(fn, url, drill)).toBe(refused);
	expect(await as('relay', url, letter)).toBe(refused);
	expect(await as('relay', url, 'update eventing.events set relays = 1 returning relays')).toEqual([{ relays: 1 }]);
	for (const fn of ['shelves', 'loans', 'fines'])
		expect(await as(fn, url, 'select from eventing.dead_letters')).toBe(refused);
});

test('revokes the right to write events and deliveries from a function that stops emitting and reacting', async () => {
	const url = await emptyDatabase();
	const quiet = all.map((fn) => (fn.name === 'shelves' ? { ...fn, reacts: [], emits: [] } : fn));
	await migrate({ owner: ownerOf(url), functions: all, root });
	expect(await as('shelves', url, event('/functions/shelves', 'dev.bodega.copy.reserved'))).toEqual([]);
	expect(await as('shelves', url, event('/functions/shelves'))).toBe(refused);
	await migrate({ owner: ownerOf(url), functions: quiet, root });
	expect(await as('shelves', url, event('/functions/shelves'))).toBe(refused);
	expect(await as('shelves', url, delivery('shelves-on-loan-requested'))).toBe(refused);
});

const migrations = (url: string): Promise<unknown[]> =>
	asOwner(url, async (db) => {
		const tables = ['eventing', 'shelves', 'loans', 'fines'].map(
			(schema) => `select '${schema}' as schema, name from ${schema}.migrations`,
		);
		return (await db.query(tables.join(' union all '))).rows;
	});

/** The log lines of all migrations, in order. */
const everyMigration = [
	{ name: 'eventing', folder: 'eventing' },
	...all.map(({ name }) => ({ name: schemaOf(name), folder: `functions/${name}` })),
].flatMap(({ name, folder }) =>
	globSync(`${folder}/migrations/*.sql`, { cwd: root })
		.sort()
		.map((file) => `migrated ${name}: ${basename(file, '.sql')}`),
);

test('runs all migrations on an empty database, and changes nothing the second time', async () => {
	const url = await emptyDatabase();
	const lines: string[] = [];
	await migrate({ owner: ownerOf(url), functions: all, root, log: (line) => lines.push(line) });
	expect(lines).toEqual(everyMigration);
	expect(lines).toEqual(expect.arrayContaining(['migrated eventing: 001-eventing', 'migrated shelves: 001-titles']));
	await as('shelves', url, 'update titles set copies = 3 where id = 1');
	const before = await migrations(url);
	await migrate({ owner: ownerOf(url), functions: all, root, log: (line) => lines.push(line) });
	expect(lines).toEqual(everyMigration);
	expect(await migrations(url)).toEqual(before);
	expect(await as('shelves', url, 'select copies from titles where id = 1')).toEqual([{ copies: 3 }]);
});

test('does not disturb a running function when only the grants are renewed', async () => {
	const url = await freshDatabase();
	await asOwner(url, async (watcher) => {
		const { rows } = await watcher.query<{ pid: number }>('select pg_backend_pid() as pid');
		// Runs within the server, so that it checks more often than the migration takes a step.
		const watch = watcher.query(`do $$ begin loop
			if not exists (select from pg_class, aclexplode(relacl) where pg_class.oid = 'eventing.events'::regclass
				and grantee = 'bodega_loans'::regrole and privilege_type = 'INSERT') then raise 'loans cannot write events'; end if;
		end loop; end $$`);
		const watched = expect(watch).rejects.toThrow('canceling statement due to user request');
		await asOwner(roleUrl(url, 'shelves'), async (shelves) => {
			await shelves.query('begin');
			await shelves.query(delivery('shelves-on-loan-requested'));
			await migrate({ owner: ownerOf(url), functions: all, root });
			await shelves.query(event('/functions/shelves', 'dev.bodega.copy.reserved'));
			await shelves.query('commit');
		});
		await asOwner(url, (db) => db.query('select pg_cancel_backend($1)', [rows[0]?.pid]));
		await watched;
	});
});

test('takes the schemas of an older shop from its functions, while they read, write and emit', async () => {
	const url = await olderShop(root);
	for (const sql of ['create table lamps (id integer)', "create type size as enum ('s')"])
		expect(await as('shelves', url, sql)).toEqual([]);
	let migrated = false;
	const migration = migrate({ owner: ownerOf(url), functions: all, root }).finally(() => {
		migrated = true;
	});
	let rounds = 0;
	for (; !migrated || rounds === 0; rounds += 1) {
		expect(await as('loans', url, event('/functions/loans'))).toEqual([]);
		expect(await as('shelves', url, 'update titles set copies = copies + 1 where id = 1 returning id')).toEqual([
			{ id: 1 },
		]);
	}
	await migration;
	expect(await as('shelves', url, 'select copies from titles where id = 1')).toEqual([{ copies: 10 + rounds }]);
	expect(await as('shelves', url, 'insert into lamps values (1) returning id')).toEqual([{ id: 1 }]);
	for (const sql of [
		'drop table lamps',
		'create table more ()',
		"alter type size add value 'm'",
		'select from migrations',
	])
		expect([sql, await as('shelves', url, sql)]).toEqual([sql, refused]);
	expect(await as('loans', url, event('/functions/loans', 'dev.bodega.fine.issued'))).toBe(refused);
});

test('runs concurrent migrations of one database in turn', async () => {
	const url = await emptyDatabase();
	const lines: string[] = [];
	const run = (): Promise<void> =>
		migrate({ owner: ownerOf(url), functions: all, root, log: (line) => lines.push(line) });
	await Promise.all([run(), run(), run()]);
	expect(lines).toEqual(everyMigration);
	expect(await as('shelves', url, 'select count(*)::int as count from titles')).toEqual([{ count: 5 }]);
});

test('migrates databases of one server in parallel, although they share its roles', async () => {
	const urls = await Promise.all(Array.from({ length: 4 }, () => emptyDatabase()));
	await Promise.all(urls.map((ownerUrl) => migrate({ owner: ownerOf(ownerUrl), functions: all, root })));
	for (const url of urls)
		expect(await as('shelves', url, 'select count(*)::int as count from titles')).toEqual([{ count: 5 }]);
});

test('updates the list of triggers from the declarations', async () => {
	const url = await freshDatabase();
	const names = (): Promise<unknown[]> =>
		asOwner(url, async (db) => (await db.query('select name, type, function from eventing.triggers')).rows);
	const expected = (declarations: readonly Declaration[]): Set<unknown> =>
		new Set(triggersOf(declarations).map((trigger) => ({ ...trigger, type: attributeOf(trigger.type) })));
	expect(new Set(await names())).toEqual(expected(all));
	const without = all.map((fn) => (fn.name === 'fines' ? { ...fn, reacts: fn.reacts.slice(0, 1) } : fn));
	await migrate({ owner: ownerOf(url), functions: without, root });
	expect(new Set(await names())).toEqual(expected(without));
	expect(triggersOf(without)).toHaveLength(triggersOf(all).length - 1);
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
	// Another owner has created this role, for the other databases of the server.
	await sql(`create role keeper_${fn} login ${attributes} password 'secret';
		grant "bodega_eventing$owner" to keeper_${fn} with admin option`);
	onTestFinished(
		async () =>
			void (await sql(`revoke "bodega_eventing$owner" from keeper_${fn} cascade;
				drop role if exists bodega_${fn}, bodega_${fn}_reader, "bodega_${fn}$owner"; drop role keeper_${fn}`)),
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
	for (const _ of [1, 2]) await migrate({ owner: ownerOf(ownerUrl), functions: [withData('tea'), reader], root });
	for (const fn of ['tea', 'tea-reader'])
		expect(await as(fn, ownerUrl, 'select count(*)::int as count from tea.cups')).toEqual([{ count: 0 }]);
	expect(await as('tea-reader', ownerUrl, 'select count(*)::int as count from eventing.events')).toEqual([
		{ count: 0 },
	]);
	expect(await as('tea', ownerUrl, 'select from eventing.dead_letters')).toBe(refused);
});

test('rejects an owner that cannot create roles', async () => {
	const ownerUrl = await keeper('nocreaterole', 'coffee');
	const run = migrate({ owner: ownerOf(ownerUrl), functions: [withData('coffee')], root: folderWith('coffee', '') });
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
	await expect(migrate({ owner: ownerOf(ascii.href), functions: all, root })).rejects.toThrow(
		'in SQL_ASCII; Bodega needs UTF8',
	);
});

test('runs a migration as its function’s role, and rolls it back when it uses the tables of another', async () => {
	const server = await postgresUrl();
	onTestFinished(
		async () => void (await asOwner(server, (db) => db.query('drop role bodega_grasping, "bodega_grasping$owner"'))),
	);
	const ownerUrl = await freshDatabase();
	const grasping = withData('grasping');
	const folder = folderWith('grasping', 'create table mine (); insert into shelves.titles default values;');
	await expect(migrate({ owner: ownerOf(ownerUrl), functions: [...all, grasping], root: folder })).rejects.toThrow(
		'permission denied for schema shelves',
	);
	expect(await as('grasping', ownerUrl, 'select from mine')).toBe('42P01');
});

test('undoes what a role has changed about itself', async () => {
	const server = await postgresUrl();
	onTestFinished(
		async () => void (await asOwner(server, (db) => db.query('drop role bodega_sulking, "bodega_sulking$owner"'))),
	);
	const url = await freshDatabase();
	const sulking = withData('sulking');
	const run = (): Promise<void> =>
		migrate({ owner: ownerOf(url), functions: [...all, sulking], root: folderWith('sulking', 'create table t ()') });
	const marks = (name = 'bodega_sulking'): Promise<unknown> =>
		asOwner(url, async (db) => {
			const role = `(select oid from pg_roles where rolname = '${name}')`;
			const settings = `select setconfig::text as mark from pg_db_role_setting where setrole = ${role}`;
			return (
				await db.query(
					`${settings} union all select defaclacl::text from pg_default_acl where defaclrole = ${role} order by 1`,
				)
			).rows;
		});
	await run();
	const given = await marks('bodega_sulking$owner');
	for (const sql of [
		// Also takes the role out of what its schema's owner gives it of new tables.
		'drop owned by current_user',
		'alter role current_user set search_path = mine',
		`alter role current_user in database ${new URL(url).pathname.slice(1)} set work_mem = '64kB'`,
		'alter default privileges in schema sulking grant select on tables to public',
		'alter default privileges grant all on tables to bodega_shelves',
		'alter default privileges revoke execute on routines from public',
		`alter role current_user password 'mine'`,
	])
		await as('sulking', url, sql);
	expect(await marks()).toHaveLength(5);
	await expect(as('sulking', url, 'select 1')).resolves.toBe('28P01');
	await run();
	expect(await marks()).toEqual([{ mark: `{search_path=sulking,${roleSettings}}` }]);
	expect(await marks('bodega_sulking$owner')).toEqual(given);
	expect(await as('sulking', url, 'select from t')).toEqual([]);
});

test('drops the schemas of the shop, and nothing else', async () => {
	const url = await freshDatabase();
	const owner = (sql: string): Promise<unknown[]> => asOwner(url, async (db) => (await db.query(sql)).rows);
	await owner('create table public.kept as select 1 as one');
	await dropAll(url, all);
	expect(await owner('select one from public.kept')).toEqual([{ one: 1 }]);
	expect(
		await owner(`select nspname from pg_namespace where nspname in ('eventing', 'shelves', 'loans', 'fines')`),
	).toEqual([]);
});
