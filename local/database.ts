import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { dropAll } from '../database/reset.ts';
import { newSecret, type Owner } from '../database/roles.ts';
import { functions } from '../functions/index.ts';
import { targetsOf } from '../kit/declare/declare.ts';
import { printLine } from './output.ts';
import { type Postgres, startPostgres } from './postgres/postgres.ts';
import { storedSecret } from './postgres/stored-secret.ts';

/**
 * Opens the Postgres named by `DATABASE_URL`, or else the embedded one, which is restarted when it crashes. Returns the
 * database's owner, whose secret is stored in `data`, and adds its shutdown to the front of `closing`.
 */
export async function openDatabase(
	{ data, fresh }: { readonly data: string; readonly fresh: boolean },
	closing: (() => unknown)[],
): Promise<Owner & { readonly ownServer: boolean }> {
	const secret = storedSecret(join(data, 'role-secret'), newSecret);
	const external = process.env['DATABASE_URL'];
	if (external) {
		if (fresh) await dropAll(external, functions);
		return { url: external, secret, ownServer: false };
	}
	const perTarget = functions.flatMap(targetsOf).map(({ declaration: { scale, data: needs } }) => {
		return Math.min(scale.max, availableParallelism()) * (needs?.connections ?? 0);
	});
	const maxConnections = perTarget.reduce((sum, count) => sum + count, 20);
	let postgres: Postgres | undefined;
	let closed = false;
	const launch = async (port?: number): Promise<Postgres> => {
		postgres = await startPostgres({
			directory: join(data, 'postgres'),
			maxConnections,
			...(port === undefined ? {} : { port }),
			log: (line) => /FATAL|PANIC|ERROR/.test(line) && printLine('postgres', line),
			onExit: (code) => {
				if (closed) return;
				printLine('postgres', `exited (${code ?? 'killed'}); restarting`);
				// The same port lets the functions' pools reconnect.
				launch(postgres?.port).catch((error: Error) => printLine('postgres', `restart failed: ${error.message}`));
			},
		});
		return postgres;
	};
	closing.unshift(() => {
		closed = true;
		return postgres?.stop();
	});
	return { url: (await launch()).url, secret, ownServer: true };
}
