import { dirname } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { functions } from '../functions/index.ts';
import { isAway } from '../kit/data/away.ts';
import { closeClient, openClient } from '../kit/data/client.ts';
import { messageOf } from '../kit/http/problem.ts';
import { log } from '../kit/trace/log.ts';
import { archiveOf } from './archive/archive.ts';
import { migrate } from './migrate.ts';
import { retain } from './retention/retention.ts';
import { retentionOf } from './retention/settings.ts';
import { monitor, remover } from './roles.ts';
import { seed } from './seed.ts';

/** Runs the cluster's migration Job, whose bundle lies beside the migrations, or with `retain` the daily removal of old events. */
const main = (): Promise<void> => (process.argv[2] === 'retain' ? removeOld() : update());

async function removeOld(): Promise<void> {
	const { DATABASE_URL: url } = process.env;
	if (!url) throw new Error('the environment lacks DATABASE_URL: the URL of the role that removes old events');
	await reach(url);
	const tell = (line: string): void => log.info(line);
	const archive = archiveOf(process.env['ARCHIVE'], process.env, tell);
	await retain({ url, days: retentionOf(process.env), archive, log: tell });
}

async function update(): Promise<void> {
	const { DATABASE_URL: url, ROLE_SECRET: secret, OWN_SERVER } = process.env;
	if (!url) throw new Error('the environment lacks DATABASE_URL: the URL of the database’s owner');
	if (!secret) throw new Error('the environment lacks ROLE_SECRET: the secret that the roles’ passwords derive from');
	if (!process.env['ADMIN_PASSWORD'])
		throw new Error('the environment lacks ADMIN_PASSWORD: the password of the first admin');
	await reach(url);
	const owner = { url, secret };
	const root = dirname(process.argv[1] ?? '.');
	await migrate({
		owner,
		functions,
		monitor,
		remover,
		root,
		ownServer: OWN_SERVER === 'true',
		log: (line) => log.info(line),
	});
	for (const line of await seed(owner, functions)) log.info(line);
	log.info('the database matches the declarations');
}

/** Waits until the database accepts connections. It can be starting, or network policies do not admit a new Pod yet. */
async function reach(url: string): Promise<void> {
	for (const end = performance.now() + 60_000; ; await after(500)) {
		try {
			return await closeClient(await openClient(url, 'bodega migrate'));
		} catch (error) {
			if (!isAway(error) || performance.now() > end) throw error;
			log.info('waiting for the database', { error: messageOf(error) });
		}
	}
}

main().catch((error) => {
	log.error(messageOf(error), { error });
	process.exitCode = 1;
});
