import { Failure } from '../kubectl/failure.ts';
import { Kubectl, type LiveObject } from '../kubectl/kubectl.ts';
import { podFinder } from './prometheus.ts';
import { knative } from './scrape.ts';

interface ConfigMap extends LiveObject {
	readonly data?: Readonly<Record<string, string>>;
}

/** What is set in the `config-observability` of Knative Serving. */
const keys = { 'metrics-protocol': 'prometheus', 'request-metrics-protocol': 'prometheus' } as const;
const config = 'config-observability';
/** Of its own, so that these keys alone are ours. */
const manager = 'bodega-monitoring';

/** The name of a shop's Role in Knative's namespace, where there may be those of several shops. */
const roleName = (namespace: string): string => `bodega-prometheus-${namespace}`;

/**
 * Has Knative tell its metrics, and lets the Prometheus of a namespace find who does.
 * @returns what was changed
 * @throws {Failure} when Knative has been told to send its metrics elsewhere
 */
export async function openKnative({ namespace }: Kubectl): Promise<string[]> {
	const there = new Kubectl(knative.namespace);
	await there.apply(podFinder(roleName(namespace), { namespace }));
	const [before] = await there.list<ConfigMap>('configmaps', '--field-selector', `metadata.name=${config}`);
	for (const [key, value] of Object.entries(keys)) {
		const found = before?.data?.[key] ?? 'none';
		if (found !== 'none' && found !== value)
			throw new Failure(
				'environment',
				`${config} in ${knative.namespace} has ${key}: ${found}. Prometheus needs "${value}" there; set it if nobody needs it as it is.`,
			);
	}
	await applyData(there, keys);
	if (Object.entries(keys).every(([key, value]) => before?.data?.[key] === value)) return [];
	// They read it when they start.
	const readers = knative.apps.map((app) => `deployment/${app}`);
	await there.run(['rollout', 'restart', '-n', knative.namespace, ...readers]);
	return [`ConfigMap ${config} in ${knative.namespace}`];
}

const applyData = (there: Kubectl, data: Readonly<Record<string, string>>): Promise<string> =>
	there.run(
		// What was set as we want it is ours as well from now on; what was "none" is taken from whoever set it.
		['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-n', there.namespace, '-f', '-'],
		JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: config }, data }),
	);

/**
 * Takes back what `openKnative` did: the rights, and, when no other shop is monitored, the keys that are nobody else's. What
 * runs goes on telling metrics until it next starts.
 */
export async function closeKnative({ namespace }: Kubectl): Promise<void> {
	const there = new Kubectl(knative.namespace);
	const name = roleName(namespace);
	const kinds = 'roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io';
	const found = await there.list(kinds, '-l', 'app.kubernetes.io/component=monitoring');
	await there.run(['delete', kinds, '-n', knative.namespace, '--ignore-not-found', name]);
	if (found.every(({ metadata }) => metadata.name === name)) await applyData(there, {});
}

/** Whether a namespace is monitored. */
export const isMonitored = async (kubectl: Kubectl): Promise<boolean> =>
	(await kubectl.list('statefulsets', '-l', 'app.kubernetes.io/component=monitoring')).length > 0;
