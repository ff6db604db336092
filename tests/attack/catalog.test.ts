import { afterAll, expect, test } from 'vitest';
import { migrate } from '../../database/migrate.ts';
import { monitor, roleOf } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import { linkMigrations, samples } from '../library/library.ts';
import { olderShop } from '../older-shop.ts';
import { ownerOf } from '../run/owner.ts';
import { asOwner, freshDatabase } from '../testing.ts';
import { faultsOf } from './catalog.ts';

const { root, remove } = linkMigrations();
afterAll(remove);
const all = [...functions, ...samples];
const roles = [...all.filter(({ data }) => data).map(({ name }) => name), monitor].map(roleOf);

test('the catalog has no code that a running function can change or lead astray, and gives everyone nothing', async () => {
	const url = await freshDatabase();
	expect(await asOwner(url, (db) => faultsOf(db, roles))).toEqual([]);
});

test('neither has the catalog of a shop that was migrated from version 0.1', async () => {
	const url = await olderShop(root);
	const before = await asOwner(url, (db) => faultsOf(db, roles));
	expect(before).toContain('schema loans is owned by bodega_loans');
	await migrate({ owner: ownerOf(url), functions: all, monitor, root, ownServer: true });
	expect(await asOwner(url, (db) => faultsOf(db, roles))).toEqual([]);
});

/** What is added to the catalog, and the faults that are then found; harmless additions have none. */
const additions: readonly [sql: string, ...faults: (string | RegExp)[]][] = [
	['create table loans.mine (); alter table loans.mine owner to taken', 'table loans.mine is owned by taken'],
	['create view loans.mine as select 1; alter view loans.mine owner to taken', 'view loans.mine is owned by taken'],
	['create sequence loans.mine; alter sequence loans.mine owner to taken', 'sequence loans.mine is owned by taken'],
	[`create type loans.mine as enum ('a'); alter type loans.mine owner to taken`, 'type loans.mine is owned by taken'],
	['create domain loans.mine as text; alter domain loans.mine owner to taken', 'type loans.mine is owned by taken'],
	[
		'create operator loans.=== (function = texteq, leftarg = text, rightarg = text); alter operator loans.=== (text, text) owner to taken',
		'operator loans.===(text,text) is owned by taken',
	],
	['create schema mine authorization taken', 'schema mine is owned by taken', 'taken can create in schema mine'],
	[
		'alter default privileges for role taken grant select on tables to public',
		/default privileges.* is owned by taken/,
	],
	['grant create on schema loans to taken', 'taken can create in schema loans'],
	[
		'grant create on schema public to public',
		/^everyone has CREATE on schema public/,
		'taken can create in schema public',
	],
	['grant usage on schema users to public', 'everyone has USAGE on schema users'],
	['grant select on users.users to public', 'everyone has SELECT on users.users'],
	['grant select (email) on users.users to public', 'everyone has SELECT on users.users.email'],
	['grant update on pg_catalog.pg_settings to public', 'everyone has UPDATE on pg_settings'],
	['grant execute on function pg_advisory_lock(bigint) to public', 'everyone has EXECUTE on pg_advisory_lock(bigint)'],
	[
		'grant trigger, truncate on loans.loans to taken',
		'taken has TRIGGER on loans.loans',
		'taken has TRUNCATE on loans.loans',
	],
	['grant select on loans.loans to taken with grant option', 'taken has SELECT on loans.loans'],
	...['superuser', 'createrole', 'createdb', 'replication', 'bypassrls'].map((attribute): [string, string] => [
		`alter role taken ${attribute}`,
		`taken has the attribute ${attribute}`,
	]),
	['grant pg_read_all_data to taken', 'taken is a member of pg_read_all_data'],
	[
		`create function loans.mine() returns text language sql as $$ select 'x'::text $$`,
		`loans.mine() resolves names by its caller's path`,
	],
	[
		`create function eventing.mine() returns trigger language plpgsql security definer as 'begin return new; end'`,
		'everyone has EXECUTE on eventing.mine()',
		`eventing.mine() resolves names by its caller's path`,
	],
	[
		`create function loans.mine(name text) returns regclass language sql begin atomic select to_regclass(name); end`,
		/^function loans\.mine\(text\) finds an object by name with to_regclass/,
	],
	[
		'create policy mine on loans.loans using (to_regclass(reader) is null)',
		/^policy mine on table loans\.loans finds an object by name/,
	],
	[
		'alter table loans.loans add check (to_regclass(reader) is null)',
		/^constraint loans_reader_check on table loans\.loans finds/,
	],
	[
		`alter table loans.loans add column mine text default to_regclass('a'::text)::text`,
		/^default value for column mine .* finds/,
	],
	['create index mine on loans.loans ((reader is null)) where reader::name::text is null'],
	['create view loans.mine as select reader::regclass from loans.loans', /^rule _RETURN on view loans\.mine finds/],
	[
		'create rule mine as on delete to loans.loans where to_regclass(old.reader) is null do instead nothing',
		/^rule mine on table loans\.loans finds/,
	],
];

test('each object that a running function could change or lead astray is found', async () => {
	const url = await freshDatabase();
	await asOwner(url, async (db) => {
		for (const [sql, ...expected] of additions) {
			await db.query('begin; create role taken');
			await db.query(sql);
			const found = await faultsOf(db, [...roles, 'taken']);
			await db.query('rollback');
			for (const fault of expected)
				expect([sql, found]).toEqual([
					sql,
					expect.arrayContaining([typeof fault === 'string' ? fault : expect.stringMatching(fault)]),
				]);
			if (!expected.length) expect([sql, found]).toEqual([sql, []]);
		}
	});
});
