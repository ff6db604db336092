import { stop as stopOnCluster } from '../k8s/commands/stop.ts';
import { step } from '../k8s/kubectl/progress.ts';
import { stopRunning } from '../local/running.ts';
import { choosePlace, type Where } from './place/place.ts';

/** Stops the shop on this machine or on a cluster, and keeps its data. */
export async function stop(where: Where): Promise<void> {
	const place = await choosePlace(where);
	if ('kubectl' in place) return await stopOnCluster(place.kubectl);
	await step('shop closed', () => stopRunning(place.running));
	process.stdout.write(`The shop at ${place.running.url} has stopped; its data remains in ${place.data}.\n`);
}
