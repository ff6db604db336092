import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { monitor, roleOf, schemaOf } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import { samples } from '../library/library.ts';
import { roleUrl } from '../run/owner.ts';
import { asMigration, asOwner, emitted, freshDatabase } from '../testing.ts';
import { type Attack, attacksOf, refused } from './attacks.ts';
import { following, possible, type Right } from './privileges.ts';

const withData = [...functions, ...samples].filter(({ data }) => data);
const names = [...withData.map(({ name }) => name), monitor];
const declarationOf = (name: string): Declaration | undefined => withData.find((fn) => fn.name === name);
const [shelves, loans] = samples as readonly [Declaration, Declaration];

const rowsOf = async <Row extends object>(url: string, sql: string): Promise<Row[]> =>
	asOwner(url, async (db) => (await db.query<Row>(sql)).rows);

/** Fills the shared tables with rows of two functions, so that there is something to steal, change and delete. */
async function shopWithRows(): Promise<string> {
	const url = await freshDatabase();
	const data = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 };
	await emitted(url, { type: 'loan.requested', from: 'loans', subject: 1, data }, '1');
	await asOwner(url, (db) =>
		db.query(`
			insert into eventing.deliveries (source, id, trigger, attempts) values ('s', '1', 'shelves-on-loan-requested', 1), ('s', '1', 'loans-on-fine-issued', 1);
			insert into eventing.refusals (trigger, count) values ('shelves-on-loan-requested', 1), ('loans-on-fine-issued', 1);
			insert into eventing.dead_letters (source, event_id, trigger, event) values ('s', '1', 'shelves-on-loan-requested', '{}');
			insert into eventing.drills (function, ends_at) values ('fines', now());
			insert into users.users (email, name, password_hash) values ('ada@example.org', 'Ada', 'hash');
			insert into users.sessions (user_id, expires_at) select id, now() from users.users;
			insert into users.refresh_tokens (hash, session_id) select '\\x01', id from users.sessions;
			analyze`),
	);
	return url;
}

/** Returns every row and every definition in the database, as a hash per table and catalog. */
async function stateOf(url: string): Promise<Record<string, string>> {
	const tables = await rowsOf<{ name: string }>(
		url,
		`select oid::regclass::text as name from pg_class where relkind = 'r'
		 and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast')`,
	);
	const catalogs = [
		'proc',
		'namespace',
		'type',
		'policy',
		'trigger',
		'constraint',
		'rewrite',
		'attrdef',
		'operator',
		'cast',
	].concat(
		['collation', 'language', 'extension', 'event_trigger', 'publication', 'foreign_data_wrapper', 'foreign_server'],
		['largeobject_metadata', 'default_acl', 'description', 'statistic_ext', 'aggregate', 'am', 'ts_config'],
	);
	const definitions = [
		'select relname, relkind, relowner, relacl, relrowsecurity, relforcerowsecurity from pg_class where relnamespace <> 99',
		'select attrelid, attname, attnum, atttypid, attacl, attisdropped from pg_attribute',
		`select rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin, rolconnlimit
		 from pg_authid where rolname in (${names.map((name) => `'${roleOf(name)}'`)})`,
		// Only what attacks set: tests in parallel migrate databases with the same roles, also as older releases did.
		`select setrole::regrole, setconfig from pg_db_role_setting where setconfig::text like '%mine%'
		 and setrole::regrole::text in (${names.map((name) => `'${roleOf(name)}'`)})`,
		`select member::regrole from pg_auth_members where member::regrole::text in (${names.map((name) => `'${roleOf(name)}'`)})`,
		...[...tables.map(({ name }) => name), ...catalogs.map((name) => `pg_${name}`)].map(
			(name) => `select * from ${name}`,
		),
	];
	const hashes = definitions.map(
		(sql) =>
			`select ${pg.escapeLiteral(sql)} as of, md5(string_agg(t::text, ';' order by t::text)) as hash from (${sql}) t`,
	);
	const rows = await rowsOf<{ of: string; hash: string }>(url, hashes.join(' union all '));
	return Object.fromEntries(rows.map(({ of, hash }) => [of, hash]));
}

async function outcome(db: pg.Client, sql: string): Promise<string> {
	try {
		const result = await db.query(sql);
		const { command, rowCount } = [result].flat().at(-1) as pg.QueryResult;
		return /SELECT|INSERT|UPDATE|DELETE/.test(command) ? String(rowCount) : 'none';
	} catch (error) {
		if (error instanceof pg.DatabaseError) return error.code ?? '';
		throw error;
	}
}

test('whichever function is taken over, no attack succeeds', async () => {
	const url = await shopWithRows();
	const before = await stateOf(url);
	for (const name of names) {
		const victim = name === 'shelves' ? loans : shelves;
		const session = new pg.Client({ connectionString: roleUrl(url, victim.name) });
		await session.connect();
		onTestFinished(() => session.end());
		const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
		const schema = schemaOf(name);
		const [own] = await rowsOf<{ name: string }>(
			url,
			`select schemaname || '.' || tablename as name from pg_tables where schemaname = '${schema}' and tablename <> 'migrations' limit 1`,
		);
		const attacks = attacksOf({ role: roleOf(name), schema, own: own?.name, victim, pid: rows[0]?.pid ?? 0 });
		const succeeded: [Attack[0], string][] = [];
		await asOwner(roleUrl(url, name), async (db) => {
			for (const [sql, ...harmless] of attacks) {
				await db.query(`rollback; reset all; set default_transaction_read_only = off`);
				const found = await outcome(db, sql);
				if (found !== refused && !harmless.includes(found)) succeeded.push([sql, found]);
			}
		});
		expect([name, succeeded]).toEqual([name, []]);
		expect([name, await stateOf(url)]).toEqual([name, before]);
	}
});

/** The rights of each role to what others own, as the shop intends them. */
function rightsOf(name: string, tables: readonly string[]): [table: string, right: Right][] {
	const eventing = tables.filter((table) => table.startsWith('eventing.'));
	if (name === monitor)
		return [
			['eventing.outbox_health', 'select'],
			['eventing.trigger_health', 'select'],
			['eventing.refusal_health', 'select'],
		];
	const { api, emits = [], reacts = [], data } = declarationOf(name) ?? {};
	const asks = Object.values(api?.operations ?? {}).some(({ access = 'public' }) => access !== 'public');
	const keys: [string, Right][] = asks && name !== 'users' ? [['users.access_keys', 'select']] : [];
	if (data?.reads === 'everything') {
		const secret = withData.flatMap((fn) => fn.secrets.map((column) => `${schemaOf(fn.name)}.${column}`));
		const shown = tables.filter((table) => !secret.includes(table) && table !== 'eventing.migration_lock');
		return [...keys, ...shown.map((table): [string, Right] => [table, 'select columns'])];
	}
	const all = eventing
		.filter((table) => !/migration|refusals|drills|lease|removals/.test(table))
		.map((table): [string, Right] => [table, 'select']);
	const columns = 'update destination, code, error, received_at, resolution, resolved_at, replay';
	return [
		...keys,
		['eventing.triggers', 'select'],
		['eventing.emissions', 'select'],
		...(emits.length
			? ([
					['eventing.events', 'select'],
					['eventing.events', 'insert'],
				] as [string, Right][])
			: []),
		...(reacts.length
			? ([
					...(['select', 'insert', 'update attempts, received_at, handled_at, failures'] as const).map((right) => [
						'eventing.deliveries',
						right,
					]),
					...(['select', 'insert', 'update count, last_at'] as const).map((right) => ['eventing.refusals', right]),
				] as [string, Right][])
			: []),
		...(['event-log', 'relay'].includes(name) ? all : []),
		...(name === 'relay'
			? ([
					['eventing.events', 'update relays, relay_after, settled_at'],
					['eventing.relay_lease', 'select'],
					['eventing.relay_lease', 'update holder, ends_at'],
				] as [string, Right][])
			: []),
		...(name === 'event-log'
			? ([
					['eventing.dead_letters', 'insert'],
					['eventing.dead_letters', columns],
					['eventing.drills', 'select'],
					['eventing.active_drills', 'select'],
					['eventing.drills', 'insert'],
					[
						'eventing.drills',
						'update started_at, ends_at, kind, milliseconds, percent, type, source, event, started_by',
					],
				] as [string, Right][])
			: []),
	];
}

test('each role can read, write and lock of others only what the shop intends', async () => {
	const url = await shopWithRows();
	const tables = (
		await rowsOf<{ name: string }>(
			url,
			`select oid::regclass::text as name from pg_class where relkind in ('r', 'p') and not relispartition
			 and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast')`,
		)
	).map(({ name }) => name);
	// Row security refuses a row without values, which is the test's way to insert.
	const secured = ['events', 'deliveries', 'refusals'].map((table) => `insert into eventing.${table} default values`);
	for (const name of names) {
		const found = await asOwner(roleUrl(url, name), (db) => possible(db, schemaOf(name)));
		const intended = rightsOf(name, tables).flatMap(([table, right]) => following(table, right));
		expect([name, [...new Set(found)].sort()]).toEqual([
			name,
			[...new Set(intended)].filter((action) => !secured.includes(action)).sort(),
		]);
	}
});

test('code that an older shop left in a schema is not run by the checks of the eventing', async () => {
	const url = await shopWithRows();
	await asMigration(
		url,
		'loans',
		`create function replace(text, text, text) returns text language sql return 'shelves';
		 create function substr(text, integer) returns text language sql return 'shelves';
		 create function always(text, text) returns boolean language sql return true;
		 create function alike(jsonb, jsonb) returns boolean language sql return true;
		 create operator = (function = always, leftarg = text, rightarg = text);
		 create operator = (function = alike, leftarg = jsonb, rightarg = jsonb)`,
	);
	await asOwner(roleUrl(url, 'loans'), async (db) => {
		await db.query('set search_path = loans, pg_catalog');
		const forged = `insert into eventing.events (source, type, subject, dataschema, traceparent, data)
			values ('/functions/shelves', 'dev.bodega.copy.reserved', '1', 'urn:x', '00', '{}')`;
		expect(await outcome(db, forged)).toBe(refused);
		const handled = `update eventing.deliveries set handled_at = now() where trigger like 'shelves%' returning 1`;
		expect(await outcome(db, handled)).toBe('0');
		const { rows } = await db.query(
			`select eventing.is_emitted('/functions/loans', '1', 'dev.bodega.loan.requested', '1', '{}') as emitted`,
		);
		expect(rows).toEqual([{ emitted: false }]);
	});
});

test('the keys that every function can read are the public ones', async () => {
	const url = await shopWithRows();
	for (const name of names.filter((each) => each !== 'users'))
		await asOwner(roleUrl(url, name), async (db) => {
			expect([name, await outcome(db, 'select private_key from users.signing_keys')]).toEqual([name, refused]);
			const keys = await db.query('select * from users.access_keys').catch(() => undefined);
			for (const row of keys?.rows ?? []) {
				expect(Object.keys(row)).toEqual(['kid', 'public_key']);
				expect(row.public_key).not.toHaveProperty('d');
			}
		});
});

test('no function can connect to another database of its server', async () => {
	const url = await freshDatabase();
	for (const name of names)
		for (const database of ['postgres', 'template1']) {
			const other = new URL(roleUrl(url, name));
			other.pathname = database;
			await expect(asOwner(other.href, (db) => db.query('select 1'))).rejects.toMatchObject({ code: refused });
		}
});
