import type { Kubectl } from '../kubectl/kubectl.ts';
import { defaults } from '../manifests/choices.ts';
import { ours } from '../manifests/object.ts';
import { broker } from '../manifests/place.ts';
import type { Chosen } from './choices.ts';

/**
 * Takes the Broker away when another class is chosen, for Knative changes neither the class of one that is there nor where its
 * configuration is; and its Triggers, which the class of before looks after. What is under way is in the outbox, and the relay
 * publishes it again.
 */
export async function removeOtherBroker(kubectl: Kubectl, { choices, before }: Chosen): Promise<void> {
	if ((choices.broker ?? defaults.broker) === (before.broker ?? defaults.broker)) return;
	const label = Object.entries(ours).map(([key, value]) => `${key}=${value}`);
	const inNamespace = ['-n', kubectl.namespace, '--ignore-not-found'];
	await kubectl.run(['delete', 'triggers.eventing.knative.dev', '-l', label.join(','), ...inNamespace]);
	await kubectl.run(['delete', `brokers.eventing.knative.dev/${broker}`, ...inNamespace]);
}
