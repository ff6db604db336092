import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import { backups } from '../manifests/database/backup.ts';
import { broker, type Place } from '../manifests/place.ts';

interface Claim {
	readonly metadata: { readonly name: string };
	readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

interface StatefulSet {
	readonly spec: { readonly volumeClaimTemplates: readonly Omit<Claim, 'metadata'>[] };
}

/**
 * What manifests depend on that only the cluster knows. Where the Broker takes events depends on its class; its status tells.
 * Knative's version is a label of what defines its kinds. What a claim asks for stays as it is.
 */
export async function surroundings(kubectl: Kubectl): Promise<Pick<Place, 'sink' | 'knative' | 'spreads' | 'storage'>> {
	const named = (name: string): string[] => ['--field-selector', `metadata.name=${name}`];
	const [[live], [set], [claim], version, features] = await Promise.all([
		kubectl.list<LiveObject>('brokers.eventing.knative.dev', ...named(broker)),
		kubectl.list<StatefulSet>('statefulsets.apps', ...named('postgres')),
		kubectl.list<Claim>('persistentvolumeclaims', ...named(backups.claim)),
		// Whoever may deploy into a namespace need not be let see what is the cluster's.
		kubectl.attempt([
			...['get', 'crd/services.serving.knative.dev', '-o'],
			'jsonpath={.metadata.labels.app\\.kubernetes\\.io/version}',
		]),
		kubectl.attempt([
			...['get', 'configmap/config-features', '-n', 'knative-serving', '-o'],
			'jsonpath={.data.kubernetes\\.podspec-topologyspreadconstraints}',
		]),
	]);
	const data = set?.spec.volumeClaimTemplates[0]?.spec.resources.requests.storage;
	const dumps = claim?.spec.resources.requests.storage;
	return {
		sink: live?.status?.address?.url,
		knative: version.stdout.trim() || undefined,
		spreads: features.stdout.trim().toLowerCase() === 'enabled',
		storage: { ...(data ? { data } : {}), ...(dumps ? { backups: dumps } : {}) },
	};
}
