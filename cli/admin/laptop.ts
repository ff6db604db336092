import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { reachOwner } from '../../database/owner-url.ts';
import { connected } from '../../database/roles.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { startPostgres } from '../../local/postgres/postgres.ts';
import type { ClosedShop, OpenShop } from '../place/place.ts';

/**
 * Runs SQL as the owner of the database of a shop on this machine, whether the shop is open or closed.
 * @returns the only value of the last statement, if it returns a row
 * @throws {Failure} when its database has no accounts yet
 */
export async function runOnLaptop(sql: string, { data, running }: OpenShop | ClosedShop): Promise<string | undefined> {
	const own = process.env['DATABASE_URL'];
	if (own) {
		await reachOwner(own);
		return runOn(own, sql);
	}
	const directory = join(data, 'postgres');
	if (running) return runOn(openUrl(directory), sql);
	const postgres = await startPostgres({ directory });
	try {
		return await runOn(postgres.url, sql);
	} finally {
		await postgres.stop();
	}
}

/** Returns the owner's URL of a running Postgres. The fourth line of its pid file is the port. */
function openUrl(directory: string): string {
	const password = readFileSync(join(directory, 'password'), 'utf8').trim();
	const [, , , port] = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n');
	return `postgresql://bodega:${password}@127.0.0.1:${port}/bodega`;
}

export async function runOn(url: string, sql: string): Promise<string | undefined> {
	try {
		const results = (await connected(url, 'bodega admin', (db) => db.query(sql))) as unknown as pg.QueryResult[];
		return Object.values((results.at(-1)?.rows[0] as object | undefined) ?? {})[0];
	} catch (cause) {
		if (cause instanceof pg.DatabaseError && cause.code === '42P01')
			throw new Failure('environment', 'The database has no accounts yet. Start the shop once, then try again.', {
				cause,
			});
		throw cause;
	}
}
