import { retain } from '../../database/retention/retention.ts';
import { retentionOf } from '../../database/retention/settings.ts';
import { type Owner, remover, urlOf } from '../../database/roles.ts';
import { messageOf } from '../../kit/http/problem.ts';
import { printLine } from '../output.ts';

const day = 24 * 3600 * 1000;

/** Removes old events now and each day, like the cluster's CronJob. Returns a function that ends that. */
export function retainDaily(owner: Owner, env: NodeJS.ProcessEnv): () => void {
	let isOver = false;
	const log = (line: string): void => {
		if (!isOver) printLine('retention', line);
	};
	const run = (): Promise<void> =>
		retain({ url: urlOf(owner, remover), days: retentionOf(env), log }).catch((error) =>
			log(`cannot remove old events; the next attempt is tomorrow: ${messageOf(error)}`),
		);
	void run();
	const timer = setInterval(run, day);
	return () => {
		isOver = true;
		clearInterval(timer);
	};
}
