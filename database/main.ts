import { dirname } from 'node:path';
import { functions } from '../functions/index.ts';
import { log } from '../functions/kit/log.ts';
import { messageOf } from '../functions/kit/problem.ts';
import { migrate } from './migrate.ts';

/** The migration Job of a cluster: its bundle lies beside the migrations. */
async function main(): Promise<void> {
	const ownerUrl = process.env['DATABASE_URL'];
	if (!ownerUrl) throw new Error('the environment lacks DATABASE_URL: the URL of the database’s owner');
	await migrate({ ownerUrl, functions, root: dirname(process.argv[1] ?? '.'), log: (line) => log.info(line) });
	log.info('the database is as the declarations say');
}

main().catch((error) => {
	log.error(messageOf(error), { error });
	process.exitCode = 1;
});
