import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { dropAll } from '../database/reset.ts';
import { functions } from '../functions/index.ts';
import { targetsOf } from '../kit/declare/declare.ts';
import { printLine } from './output.ts';
import { type Postgres, startPostgres } from './postgres/postgres.ts';

/**
 * The user's own Postgres if `DATABASE_URL` names one, else the embedded one, started again when it crashes. Answers with the
 * URL of the database's owner; how to close it is put first in `closing`.
 */
export async function openDatabase(
	{ data, fresh }: { readonly data: string; readonly fresh: boolean },
	closing: (() => unknown)[],
): Promise<string> {
	const own = process.env['DATABASE_URL'];
	if (own) {
		if (fresh) await dropAll(own, functions);
		return own;
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
				printLine('postgres', `ended (${code ?? 'killed'}); started again`);
				// On the same port, so that the functions' pools heal.
				launch(postgres?.port).catch((error: Error) =>
					printLine('postgres', `cannot be started again: ${error.message}`),
				);
			},
		});
		return postgres;
	};
	closing.unshift(() => {
		closed = true;
		return postgres?.stop();
	});
	return (await launch()).url;
}
