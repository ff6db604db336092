import { type KubernetesObject, ours } from '../manifests/object.ts';
import type { Kubectl } from './kubectl.ts';

/**
 * Every kind that a deployment has had objects of, but for those that hold data: a claim, or a Cluster of CloudNativePG, is never
 * removed for not being declared. Not every cluster knows all of them.
 */
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

/** The objects of ours that are no longer declared, like the triggers of a function that is gone, as kubectl names them. */
export async function stale(kubectl: Kubectl, declared: readonly KubernetesObject[]): Promise<string[]> {
	const keep = new Set(declared.map(keyOf));
	const label = Object.entries(ours).map(([key, value]) => `${key}=${value}`);
	const known = new Set((await kubectl.run(['api-resources', '--namespaced', '-o', 'name'])).split('\n'));
	const there = kinds.filter((kind) => known.has(kind));
	const live = await kubectl.list(there.join(','), '-l', label.join(','));
	// What a controller made carries the labels of what it was made from, and goes with it.
	const found = live.filter((object) => !object.metadata.ownerReferences?.length && !keep.has(keyOf(object)));
	return found.map(({ kind, apiVersion, metadata }) => {
		const [group = '', version] = apiVersion.split('/');
		return version ? `${kind}.${version}.${group}/${metadata.name}` : `${kind}/${metadata.name}`;
	});
}

/** Removes them, and answers with their names. */
export async function prune(kubectl: Kubectl, declared: readonly KubernetesObject[]): Promise<string[]> {
	const names = await stale(kubectl, declared);
	if (names.length) await kubectl.run(['delete', '-n', kubectl.namespace, '--ignore-not-found', ...names]);
	return names;
}
