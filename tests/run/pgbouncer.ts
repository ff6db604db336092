import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { throughPooler } from '../../database/roles.ts';
import { asOwner } from '../testing.ts';
import { pathWithSystem } from './programs.ts';

/** The user that PgBouncer runs as if the tests run as root, which it refuses. */
const nobody = 65_534;

/** The settings and statements of docs/production.md, "A connection pooler". */
const lookUp = `
	create role pgbouncer login password 'of the pooler';
	create schema pgbouncer;
	create function pgbouncer.look_up(name text) returns table (name text, password text) language sql security definer
		set search_path = '' as 'select rolname, rolpassword from pg_catalog.pg_authid where rolname = $1 and not rolsuper';
	revoke all on function pgbouncer.look_up from public;
	grant usage on schema pgbouncer to pgbouncer;
	grant execute on function pgbouncer.look_up to pgbouncer`;

/**
 * Starts a PgBouncer in transaction mode before a test's Postgres, until the test ends. Returns a function that leads a URL
 * through it. @param size the number of server connections of each role
 */
export async function startPooler(ownerUrl: string, size: number): Promise<(url: string) => string> {
	const { port: server, pathname } = new URL(ownerUrl);
	const database = pathname.slice(1);
	await asOwner(ownerUrl, async (db) => {
		// Roles belong to the server, which the tests of a run share.
		const role = await db.query(`select from pg_roles where rolname = 'pgbouncer'`);
		await db.query(role.rowCount ? lookUp.replace('create role', 'alter role') : lookUp);
		await db.query(`grant connect on database ${database} to pgbouncer`);
	});
	const folder = mkdtempSync(join(tmpdir(), 'bodega-pooler-'));
	chmodSync(folder, 0o755);
	const port = await freePort();
	writeFileSync(join(folder, 'users.txt'), '"pgbouncer" "of the pooler"\n');
	writeFileSync(
		join(folder, 'pgbouncer.ini'),
		`[databases]
${database} = host=127.0.0.1 port=${server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
auth_user = pgbouncer
auth_query = select name, password from pgbouncer.look_up($1)
admin_users = pgbouncer
pool_mode = transaction
default_pool_size = ${size}
query_wait_timeout = 5
max_client_conn = 1000
`,
	);
	const child = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], {
		env: { PATH: pathWithSystem },
		stdio: ['ignore', 'ignore', 'pipe'],
		...(process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}),
	});
	const ended = once(child, 'exit');
	onTestFinished(async () => {
		child.kill();
		await ended;
		rmSync(folder, { recursive: true });
	});
	const said: string[] = [];
	for await (const line of createInterface(child.stderr)) {
		said.push(line);
		if (line.includes('process up')) {
			child.stderr.resume();
			return (url) => throughPooler(url, `127.0.0.1:${port}`);
		}
	}
	throw new Error(`PgBouncer has ended:\n${said.join('\n')}`);
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
