import { Failure } from '../../k8s/kubectl/failure.ts';
import type { Shop } from '../place/shop.ts';

/** Selects the Pod that holds the events of Knative's default Broker: the dispatcher of its in-memory channel. */
const dispatcher = 'messaging.knative.dev/channel=in-memory-channel,messaging.knative.dev/role=dispatcher';

/**
 * Lets the Broker lose its memory, and waits until it runs again. On a cluster the operator's kubectl deletes the Pod, because no function has that right.
 * @throws {Failure} 3 when the cluster's Broker holds its events elsewhere
 */
export async function loseMemory({ kubectl, ask }: Shop, stop: AbortSignal): Promise<void> {
	if (!kubectl) {
		await ask('PUT', '/api/drills/broker', { body: { kind: 'broker' } }, stop);
		return;
	}
	const pods = ['pods', '-n', 'knative-eventing', '-l', dispatcher];
	const deleted = await kubectl.run(['delete', ...pods, '--grace-period=0', '--force', '-o', 'name']);
	if (!deleted.trim())
		throw new Failure(
			'environment',
			'Found no Pod of an in-memory channel in knative-eventing: this Broker stores its events elsewhere, and loses none with a Pod.',
		);
	await kubectl.run(['rollout', 'status', 'deployment/imc-dispatcher', '-n', 'knative-eventing', '--timeout=120s']);
}
