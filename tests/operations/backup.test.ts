import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test } from 'vitest';
import { shop as product } from '../../shop.ts';
import { post } from '../acceptance/setup/visitor.ts';
import { succeed } from './bodega.ts';

const { namespace = '' } = inject('shop');

const kubectl = async (...args: string[]): Promise<string> =>
	(await promisify(execFile)('kubectl', [...args, '-n', namespace])).stdout;
const inPostgres = (...command: string[]) => kubectl('exec', 'postgres-0', '--', ...command);
const sql = (text: string): Promise<string> =>
	inPostgres('psql', '-U', product.database, '-d', product.database, '-v', 'ON_ERROR_STOP=1', '-qtAc', text);

/** Waits until a Job of a CronJob is complete. */
async function run(cronJob: string): Promise<void> {
	const name = `${cronJob}-${Date.now()}`;
	await kubectl('create', 'job', name, `--from=cronjob/${cronJob}`);
	onTestFinished(async () => void (await kubectl('delete', 'job', name)));
	await kubectl('wait', `job/${name}`, '--for=condition=complete', '--timeout=300s');
}

/** What the code in the hostile dump tries, each on its own. */
const attempts = [
	`copy (select 1) to program 'touch /tmp/started-by-a-dump'`,
	`copy (select 1) to '/tmp/written-by-a-dump'`,
	'reset role; alter role "bodega$restore" superuser',
	'set session authorization bodega; create role made_by_a_dump',
	'grant "bodega_users$owner" to bodega_relay',
	'execute format($f$alter database %I set search_path = users, pg_catalog$f$, current_database())',
];

test('a hostile dump starts no program and changes no role, in the nightly check and in a restore, which keeps the data', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-backup-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const account = { email: `dump-${Date.now()}@example.com`, name: 'Ada', password: 'outlive the dump' };
	expect((await post('/api/users', account)).status).toBe(201);
	const tries = attempts.map((code) => `begin ${code}; exception when others then null; end;`).join(' ');
	await sql(`set role "bodega_users$owner";
		create table users.trap (id integer);
		insert into users.trap values (1);
		create function users.spring() returns boolean language plpgsql as $$ begin ${tries} return true; end $$;
		alter table users.trap add check (users.spring())`);
	onTestFinished(
		async () => void (await sql('drop table if exists users.trap; drop function if exists users.spring()')),
	);

	await run('backup');
	await run('backup-check');
	await succeed(['backup', '--nightly', '--output', join(folder, 'nightly.dump')]);
	const file = join(folder, 'shop.dump');
	await succeed(['backup', '--output', file]);
	await succeed(['restore', file, '--yes']);
	expect(await inPostgres('bash', '-c', 'ls /tmp | grep by-a-dump || true')).toBe('');
	expect(
		await sql(`select count(*) from pg_roles where rolname = 'made_by_a_dump'
		or (rolname = 'bodega$restore' and (rolsuper or rolcanlogin))`),
	).toBe('0\n');
	expect(await sql(`select count(*) from pg_auth_members where member = 'bodega_relay'::regrole`)).toBe('0\n');
	expect(await sql('select count(*) from pg_db_role_setting where setdatabase <> 0')).toBe('0\n');
	// The keys are new, and everyone can sign in again.
	expect((await post('/api/users/session', account)).status).toBe(200);
	expect(await sql('select count(*) from users.signing_keys')).toBe('1\n');
});
