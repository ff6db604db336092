import type { Kubectl } from './kubectl.ts';
import { type KubernetesObject, ours } from './manifests/object.ts';

/** Every kind that a deployment has had objects of. */
const kinds = [
	'triggers.eventing.knative.dev',
	'pingsources.sources.knative.dev',
	'services.serving.knative.dev',
	'eventtypes.eventing.knative.dev',
	'brokers.eventing.knative.dev',
	'networkpolicies.networking.k8s.io',
	'jobs.batch',
	'statefulsets.apps',
	'deployments.apps',
	'services',
	'secrets',
	'configmaps',
	'rolebindings.rbac.authorization.k8s.io',
	'roles.rbac.authorization.k8s.io',
	'serviceaccounts',
].join(',');

const keyOf = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
	`${apiVersion.split('/').slice(0, -1).join('')}/${kind}/${metadata?.name}`;

/** The objects of ours that are no longer declared, like the triggers of a function that is gone, as kubectl names them. */
export async function stale(kubectl: Kubectl, declared: readonly KubernetesObject[]): Promise<string[]> {
	const keep = new Set(declared.map(keyOf));
	const label = Object.entries(ours).map(([key, value]) => `${key}=${value}`);
	const live = await kubectl.list(kinds, '-l', label.join(','));
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
