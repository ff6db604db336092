import { join } from 'node:path';
import { archiveOf } from '../../database/archive/archive.ts';
import { retain } from '../../database/retention/retention.ts';
import { retentionOf } from '../../database/retention/settings.ts';
import { type Owner, remover, urlOf } from '../../database/roles.ts';
import { messageOf } from '../../kit/http/problem.ts';
import { printLine } from '../output.ts';

const day = 24 * 3600 * 1000;
/** The time between the start of the shop and the first removal, in milliseconds: the start has no use for it. */
const afterStart = 60_000;

/**
 * Removes old events a minute after the start and then each day, like the cluster's CronJob, and archives them in a folder of the shop's data, or in the place
 * `ARCHIVE`. Returns a function that ends that.
 */
export function retainDaily(owner: Owner, data: string, env: NodeJS.ProcessEnv): () => void {
	let isOver = false;
	const log = (line: string): void => {
		if (!isOver) printLine('retention', line);
	};
	const archive = archiveOf(env['ARCHIVE'] || join(data, 'archive'), env, log);
	const run = (): Promise<void> =>
		retain({ url: urlOf(owner, remover), days: retentionOf(env), archive, log }).catch((error) =>
			log(`cannot remove old events; the next attempt is tomorrow: ${messageOf(error)}`),
		);
	let timer: NodeJS.Timeout;
	const wait = (milliseconds: number): void => {
		timer = setTimeout(() => run().finally(() => isOver || wait(day)), milliseconds);
	};
	wait(afterStart);
	return () => {
		isOver = true;
		clearTimeout(timer);
	};
}
