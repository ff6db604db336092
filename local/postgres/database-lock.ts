import { hostname } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { Restarts } from '../restarts.ts';

const name = 'bodega start';
/** SQLSTATE insufficient_privilege: an earlier superuser has taken these locks from everyone (database/grants.ts). */
const forbidden = '42501';

/**
 * Makes this process the only shop on a database, until it exits: a second one, with a folder of its own, would give the roles
 * other passwords, and the functions of the first could not connect any more. The connection that holds the lock is
 * opened again when it is lost. Returns the function that closes it.
 * @throws {Error} with the remedy, when there is another shop
 */
export async function lockDatabase(url: string, log: (line: string) => void): Promise<() => unknown> {
	let closed = false;
	let holder = await hold(url, lost);
	async function lost(): Promise<void> {
		const restarts = new Restarts();
		while (!closed)
			try {
				await after(restarts.ended(), undefined, { ref: false });
				holder = await hold(url, lost);
				return;
			} catch (error) {
				if (error instanceof OtherShop) return log(error.message);
			}
	}
	return () => {
		closed = true;
		return holder.end();
	};
}

class OtherShop extends Error {}

async function hold(url: string, onLost: () => void): Promise<pg.Client> {
	const application_name = `${name} ${process.pid} ${hostname()}`;
	const client = new pg.Client({
		connectionString: url,
		application_name,
		keepAlive: true,
		connectionTimeoutMillis: 5_000,
	});
	client.on('error', () => {});
	await client.connect();
	try {
		const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock(hashtext($1), 0) as free', [
			name,
		]);
		if (!rows[0]?.free) throw new OtherShop(await describeHolder(client));
	} catch (error) {
		if ((error as { code?: string }).code !== forbidden) {
			await client.end();
			throw error;
		}
	}
	client.once('end', onLost);
	return client;
}

async function describeHolder(client: pg.Client): Promise<string> {
	const { rows } = await client.query<{ application_name: string }>(
		`select application_name from pg_stat_activity
		 where datname = current_database() and application_name like $1 and pid <> pg_backend_pid()`,
		[`${name} %`],
	);
	const [, pid, host] = / (\d+) (.+)$/.exec(rows[0]?.application_name ?? '') ?? [];
	const who = pid ? `, process ${pid} on ${host}. Stop it first (there: kill ${pid})` : '. Stop it first';
	return `another shop uses the database of DATABASE_URL${who}, or use another database.`;
}
