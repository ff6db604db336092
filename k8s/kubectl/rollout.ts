import { shop } from '../../shop.ts';
import { checkCluster } from '../cluster/check.ts';
import { settle } from '../commands/traffic.ts';
import { Kubectl } from './kubectl.ts';
import { step } from './progress.ts';

export interface RolloutOptions {
	readonly namespace?: string | undefined;
	readonly json?: boolean | undefined;
}

/**
 * Ends a canary: sends every request to the new revisions, or back to the previous ones. No request fails meanwhile,
 * because both revisions are running.
 * @throws {Failure} when there is no canary
 */
export async function endCanary(
	way: 'promote' | 'rollback',
	{ namespace = shop.namespace, json }: RolloutOptions,
): Promise<void> {
	const kubectl = new Kubectl(namespace);
	await step('cluster', () => checkCluster(kubectl));
	const moved = await step(way === 'promote' ? 'new revisions promoted' : 'rolled back', () => settle(kubectl, way));
	process.stdout.write(
		json
			? `${JSON.stringify({ namespace, [way]: moved }, null, '\t')}\n`
			: `All requests to ${moved.join(', ')} go to the ${way === 'promote' ? 'new revision' : 'previous revision'}.\n`,
	);
}
