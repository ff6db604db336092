import { type KubernetesObject, oursSelector } from '../manifests/object.ts';
import type { Kubectl } from './kubectl.ts';

/** All kinds that a deployment has ever used, except those that hold data. Not every cluster has all of them. */
const kinds = [
	'triggers.eventing.knative.dev',
	'pingsources.sources.knative.dev',
	'services.serving.knative.dev',
	'domainmappings.serving.knative.dev',
	'certificates.cert-manager.io',
	'ingresses.networking.k8s.io',
	'eventtypes.eventing.knative.dev',
	'brokers.eventing.knative.dev',
	'rabbitmqbrokerconfigs.eventing.knative.dev',
	'poddisruptionbudgets.policy',
	'networkpolicies.networking.k8s.io',
	'cronjobs.batch',
	'jobs.batch',
	'statefulsets.apps',
	'deployments.apps',
	'services',
	'secrets',
	'configmaps',
	'rolebindings.rbac.authorization.k8s.io',
	'roles.rbac.authorization.k8s.io',
	'serviceaccounts',
];

const keyOf = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
	`${apiVersion.split('/').slice(0, -1).join('')}/${kind}/${metadata?.name}`;

/** Returns kubectl's names of our objects that are no longer declared, such as the Triggers of a deleted function. */
export async function stale(kubectl: Kubectl, declared: readonly KubernetesObject[]): Promise<string[]> {
	const keep = new Set(declared.map(keyOf));
	const known = new Set((await kubectl.run(['api-resources', '--namespaced', '-o', 'name'])).split('\n'));
	const there = kinds.filter((kind) => known.has(kind));
	const live = await kubectl.list(there.join(','), '-l', oursSelector);
	// Skips objects that have an owner: a controller copied our labels onto them, and they are deleted with their owner.
	const found = live.filter((object) => !object.metadata.ownerReferences?.length && !keep.has(keyOf(object)));
	return found.map(({ kind, apiVersion, metadata }) => {
		const [group = '', version] = apiVersion.split('/');
		return version ? `${kind}.${version}.${group}/${metadata.name}` : `${kind}/${metadata.name}`;
	});
}

/** Deletes our objects that are no longer declared, and returns their names. */
export async function prune(kubectl: Kubectl, declared: readonly KubernetesObject[]): Promise<string[]> {
	const names = await stale(kubectl, declared);
	if (names.length) await kubectl.run(['delete', '-n', kubectl.namespace, '--ignore-not-found', ...names]);
	return names;
}
