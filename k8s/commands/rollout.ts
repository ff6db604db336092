import { shop } from '../../shop.ts';
import { checkCluster } from '../cluster/check.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { printResult, type ReportOptions, step } from '../kubectl/progress.ts';
import { settle } from './traffic.ts';

/**
 * Ends a canary: sends every request to the new revisions, or back to the previous ones. No request fails meanwhile,
 * because both revisions are running.
 * @throws {Failure} when there is no canary
 */
export async function endCanary(
	way: 'promote' | 'rollback',
	{ namespace = shop.namespace, json }: ReportOptions,
): Promise<void> {
	const kubectl = new Kubectl(namespace);
	await checkCluster(kubectl);
	const moved = await step(way === 'promote' ? 'new revisions promoted' : 'rolled back', () => settle(kubectl, way));
	const revision = way === 'promote' ? 'new revision' : 'previous revision';
	printResult({ namespace, [way]: moved }, () => `All requests to ${moved.join(', ')} go to the ${revision}.\n`, json);
}
