import { Failure } from '../kubectl/failure.ts';
import { Kubectl, named } from '../kubectl/kubectl.ts';
import { podFinder } from './prometheus.ts';
import { knative } from './scrape.ts';

/** The keys that we set in Knative Serving's ConfigMap `config-observability`. */
const keys = { 'metrics-protocol': 'prometheus', 'request-metrics-protocol': 'prometheus' } as const;
const config = 'config-observability';

/** Returns the name of a shop's Role in Knative's namespace, where several shops can have one. */
const roleName = (namespace: string): string => `bodega-prometheus-${namespace}`;

/**
 * Makes Knative expose Prometheus metrics, and lets the namespace's Prometheus find Knative's Pods.
 * @returns the changed objects
 * @throws {Failure} when Knative is configured to send its metrics elsewhere
 */
export async function openKnative({ namespace }: Kubectl): Promise<string[]> {
	const there = new Kubectl(knative.namespace);
	await there.apply(podFinder(roleName(namespace), { namespace }));
	const [before] = await there.list<{ data?: Record<string, string> }>('configmaps', ...named(config));
	for (const [key, value] of Object.entries(keys)) {
		const found = before?.data?.[key] ?? 'none';
		if (found !== 'none' && found !== value)
			throw new Failure(
				'environment',
				`${config} in ${knative.namespace} has ${key}: ${found}, but Prometheus needs "${value}". Change it if nobody needs the current value.`,
			);
	}
	await applyData(there, keys);
	if (Object.entries(keys).every(([key, value]) => before?.data?.[key] === value)) return [];
	// These Deployments read the ConfigMap only when they start.
	const readers = knative.apps.map((app) => `deployment/${app}`);
	await there.run(['rollout', 'restart', '-n', knative.namespace, ...readers]);
	return [`ConfigMap ${config} in ${knative.namespace}`];
}

const applyData = (there: Kubectl, data: Readonly<Record<string, string>>): Promise<string> =>
	there.run(
		// A separate field manager owns only these keys. It shares those that already have our value, and takes over those
		// that were "none".
		[
			'apply',
			'--server-side',
			'--force-conflicts',
			'--field-manager=bodega-monitoring',
			'-n',
			there.namespace,
			'-f',
			'-',
		],
		{ input: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: config }, data }) },
	);

/**
 * Undoes `openKnative`: deletes the rights and, if no other shop is monitored, the keys that nobody else owns. Running
 * Pods expose metrics until they restart.
 */
export async function closeKnative({ namespace }: Kubectl): Promise<void> {
	const there = new Kubectl(knative.namespace);
	const name = roleName(namespace);
	const kinds = 'roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io';
	const found = await there.list(kinds, '-l', 'app.kubernetes.io/component=monitoring');
	await there.run(['delete', kinds, '-n', knative.namespace, '--ignore-not-found', name]);
	if (found.every(({ metadata }) => metadata.name === name)) await applyData(there, {});
}

export const isMonitored = async (kubectl: Kubectl): Promise<boolean> =>
	(await kubectl.list('statefulsets', '-l', 'app.kubernetes.io/component=monitoring')).length > 0;
