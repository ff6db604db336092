import type { Kubectl } from '../kubectl/kubectl.ts';
import { defaults } from '../manifests/choices.ts';
import { broker } from '../manifests/deployment.ts';
import { oursSelector } from '../manifests/object.ts';
import type { Chosen } from './stored-choices.ts';

/**
 * Deletes the Broker when its class changes, because Knative can change neither the class nor the configuration
 * reference of an existing Broker. Deletes its Triggers too, because the old class's controller owns them. Events in
 * flight are in the outbox, and the relay publishes them again.
 */
export async function removeOtherBroker(kubectl: Kubectl, { choices, before }: Chosen): Promise<void> {
	if ((choices.broker ?? defaults.broker) === (before.broker ?? defaults.broker)) return;
	const inNamespace = ['-n', kubectl.namespace, '--ignore-not-found'];
	await kubectl.run(['delete', 'triggers.eventing.knative.dev', '-l', oursSelector, ...inNamespace]);
	await kubectl.run(['delete', `brokers.eventing.knative.dev/${broker}`, ...inNamespace]);
}
