import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../../database/migrate.ts';
import { functions } from '../../../functions/index.ts';
import { type Postgres, startPostgres } from '../../../local/postgres/postgres.ts';
import { library, linkMigrations } from '../../../tests/library/library.ts';
import { ownerOf, roleUrl } from '../../../tests/run/owner.ts';
import { asMigration, asOwner, freshDatabase } from '../../../tests/testing.ts';
import { dumpOptions } from './dumping.ts';
import { restoring } from './restoring.ts';

/** The Postgres in the dependencies has no pg_dump and no pg_restore, so these tests need Postgres 18's client programs. */
const hasTools = /\) (1[89]|[2-9]\d)\./.test(spawnSync('pg_restore', ['--version'], { encoding: 'utf8' }).stdout ?? '');
const all = [...functions, ...library];

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
	const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
	return { status, stdout, stderr };
}

describe.skipIf(!hasTools)('a dump', () => {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-restoring-'));
	const { root, remove } = linkMigrations();
	let server: Postgres;
	beforeAll(async () => {
		server = await startPostgres({ directory: join(folder, 'server'), unsafe: true });
		// As in the Pod, where connections through the socket need no password.
		for (const data of readdirSync(join(folder, 'server'), { recursive: true, encoding: 'utf8' }))
			if (data.endsWith('pg_hba.conf'))
				writeFileSync(join(folder, 'server', data), 'host all all 127.0.0.1/32 trust\n');
		await asOwner(server.url, (db) => db.query('select pg_reload_conf()'));
	});
	afterAll(async () => {
		await server.stop();
		remove();
		rmSync(folder, { recursive: true, force: true });
	});

	let count = 0;
	/** Dumps a database after some SQL of its superuser. */
	async function dumped(change: (url: string) => Promise<unknown>): Promise<string> {
		const url = await freshDatabase();
		await asOwner(url, (db) =>
			db.query(`insert into users.users (email, name, password_hash, roles) values ('a@b.c', 'A', 'x', '{admin,user}')`),
		);
		await change(url);
		const file = join(folder, `${++count}.dump`);
		expect(run('pg_dump', [...dumpOptions(all), `--file=${file}`, url])).toMatchObject({ status: 0 });
		return file;
	}

	/** Restores a dump into a new database of the server. */
	function restored(file: string) {
		const name = `restored_${count}`;
		const script = `set -euo pipefail\n${restoring(file, name, all)}`;
		const ran = run('bash', ['-c', script], { PGHOST: '127.0.0.1', PGPORT: String(server.port) });
		const url = new URL(server.url);
		url.pathname = `/${name}`;
		onTestFinished(async () => void (await asOwner(server.url, (db) => db.query(`drop database if exists ${name}`))));
		return { ...ran, url: url.href };
	}

	const rows = (url: string, sql: string): Promise<Record<string, unknown>[]> =>
		asOwner(url, async (db) => (await db.query(sql)).rows);
	const migrated = (url: string): Promise<void> => migrate({ owner: ownerOf(url), functions: all, root });

	test('is restored with its rows and without the keys, by a role without rights, and the migration hands it over', async () => {
		const { status, stdout, stderr, url } = restored(await dumped(async () => {}));
		expect([status, stderr]).toEqual([0, '']);
		expect(stdout).toContain('shelves.titles: 5\n');
		expect(stdout).toContain('users.users: 1\n');
		expect(stdout).toContain('users.signing_keys: 0\n');
		const members = `select from pg_auth_members where member = '"bodega$restore"'::regrole`;
		const restorer = 'select rolsuper or rolcreaterole or rolcanlogin as may from pg_roles where rolname = $$bodega$restore$$';
		expect([await rows(url, members), await rows(url, restorer)]).toEqual([[], [{ may: false }]]);
		await migrated(url);
		const strays = `select oid::regclass from pg_class where relowner = '"bodega$restore"'::regrole
			union all select oid::regclass from pg_proc where proowner = '"bodega$restore"'::regrole`;
		expect(await rows(url, strays)).toEqual([]);
		expect(await rows(roleUrl(url, 'shelves'), 'select count(*)::int from titles')).toEqual([{ count: 5 }]);
		await expect(rows(roleUrl(url, 'shelves'), 'select pg_advisory_lock(1)')).rejects.toThrow('permission denied');
	});

	test('from before the owner roles is restored, and the migration hands it over', async () => {
		const file = await dumped((url) =>
			asOwner(url, (db) =>
				db.query(`do $$ declare t regclass; begin
					alter schema shelves owner to bodega_shelves;
					alter schema eventing owner to bodega;
					for t in select oid from pg_class where relnamespace = 'eventing'::regnamespace and relkind = 'r'
					loop execute format('alter table %s owner to bodega', t); end loop;
					for t in select oid from pg_class where relnamespace = 'shelves'::regnamespace and relkind = 'r'
					loop execute format('alter table %s owner to bodega_shelves', t); end loop;
					drop table eventing.migration_lock;
					alter default privileges for role "bodega_shelves$owner" in schema shelves revoke all on tables from bodega_shelves;
				end $$`),
			),
		);
		const { status, stderr, url } = restored(file);
		expect([status, stderr]).toEqual([0, '']);
		await migrated(url);
		const owners = `select distinct relowner::regrole::text as owner from pg_class
			where relnamespace in ('eventing'::regnamespace, 'shelves'::regnamespace) and relkind = 'r' order by 1`;
		expect(await rows(url, owners)).toEqual([{ owner: '"bodega_eventing$owner"' }, { owner: '"bodega_shelves$owner"' }]);
		expect(await rows(roleUrl(url, 'shelves'), 'select count(*)::int from titles')).toEqual([{ count: 5 }]);
	});

	test.each([
		['starts a program', `copy (select 1) to program 'true'`, 'permission denied to COPY to or from an external program'],
		['writes a file', `copy (select 1) to '/tmp/written-by-a-dump'`, 'permission denied to COPY to a file'],
		['becomes a superuser', 'reset role; alter role "bodega$restore" superuser', 'permission denied to alter role'],
		['becomes the owner', 'set session authorization bodega', 'permission denied to set session authorization'],
		['lets a function into the restored data', 'grant "bodega_users$owner" to bodega_shelves', 'permission denied'],
		['reads passwords', 'perform from pg_authid', 'permission denied for table pg_authid'],
	])('whose check constraint %s is refused', async (_what, code, reason) => {
		const file = await dumped((url) =>
			asMigration(
				url,
				'shelves',
				`create table trap (id integer);
				insert into trap values (1);
				create function spring() returns boolean language plpgsql as $$ begin
					-- Only where it is restored, so that the constraint can be added here.
					if current_database() like 'restored%' then ${code}; end if;
					return true;
				end $$;
				alter table trap add check (shelves.spring())`,
			),
		);
		const { status, stderr } = restored(file);
		expect(status).not.toBe(0);
		expect(stderr).toContain(reason);
	});

	test('cannot leave a setting in the restored database', async () => {
		const file = await dumped((url) =>
			asMigration(
				url,
				'shelves',
				`create table trap (id integer);
				insert into trap values (1);
				create function spring() returns boolean language plpgsql as $$ begin
					if current_database() like 'restored%' then
						execute format('alter database %I set search_path = shelves, pg_catalog', current_database());
					end if;
					return true;
				end $$;
				alter table trap add check (shelves.spring())`,
			),
		);
		const { status, stderr, url } = restored(file);
		expect([status, stderr]).toEqual([0, '']);
		const settings = 'select from pg_db_role_setting s join pg_database d on d.oid = setdatabase and datname = current_database()';
		expect(await rows(url, settings)).toEqual([]);
	});

	test('without an admin, or that is no dump, is refused', async () => {
		const none = await dumped((url) => asOwner(url, (db) => db.query('delete from users.users')));
		expect(restored(none)).toMatchObject({ status: 3, stderr: expect.stringContaining('division by zero') });
		const file = join(folder, `${++count}.dump`);
		writeFileSync(file, 'no dump');
		expect(restored(file)).toMatchObject({ status: 1, stderr: expect.stringContaining('valid archive') });
	});
});
