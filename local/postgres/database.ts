import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { dropAll } from '../../database/reset.ts';
import { newSecret, type Owner } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import { targetsOf } from '../../kit/declare/declare.ts';
import { describeEnd } from '../../kit/process/exit.ts';
import { printLine } from '../output.ts';
import { Restarts } from '../restarts.ts';
import { lockDatabase } from './database-lock.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { storedSecret } from './stored-secret.ts';

/**
 * Opens the Postgres named by `DATABASE_URL`, or else the embedded one, which is restarted when it ends. Returns the
 * database's owner, whose secret is stored in `data`, and adds its shutdown to the front of `closing`.
 */
export async function openDatabase(
	{ data, fresh }: { readonly data: string; readonly fresh: boolean },
	closing: (() => unknown)[],
): Promise<Owner & { readonly ownServer: boolean }> {
	const secret = storedSecret(join(data, 'role-secret'), newSecret);
	const external = process.env['DATABASE_URL'];
	if (external) {
		const log = (line: string): void => printLine('postgres', line);
		closing.unshift(await lockDatabase(external, log));
		if (fresh) await dropAll(external, functions);
		return { url: external, secret, ownServer: false };
	}
	const perTarget = functions.flatMap(targetsOf).map(({ declaration: { scale, data: needs } }) => {
		return Math.min(scale.max, availableParallelism()) * (needs?.connections ?? 0);
	});
	const maxConnections = perTarget.reduce((sum, count) => sum + count, 20);
	let postgres: Postgres | undefined;
	let closed = false;
	const restarts = new Restarts();
	const say = (line: string): void => printLine('postgres', line);
	const launch = async (port?: number): Promise<Postgres> => {
		const started = await startPostgres({
			directory: join(data, 'postgres'),
			maxConnections,
			...(port === undefined ? {} : { port }),
			log: (line) => /FATAL|PANIC|ERROR/.test(line) && say(line),
			onExit: (ending) => {
				if (!closed) void relaunch(started.port, describeEnd(ending), performance.now() - startedAt);
			},
		});
		const startedAt = performance.now();
		postgres = started;
		return started;
	};
	/** Starts Postgres again, in as many attempts as it takes. The same port lets the functions' pools reconnect. */
	const relaunch = async (port: number, how: string, lived: number): Promise<void> => {
		const pause = restarts.ended(lived);
		say(`exited (${how}); restarting in ${pause} ms`);
		for (await after(pause); !closed; await after(restarts.left))
			try {
				await launch(port);
				return say('accepts connections again');
			} catch (error) {
				say(`restart failed, next attempt in ${restarts.ended()} ms: ${(error as Error).message}`);
			}
	};
	closing.unshift(() => {
		closed = true;
		return postgres?.stop();
	});
	return { url: (await launch()).url, secret, ownServer: true };
}
