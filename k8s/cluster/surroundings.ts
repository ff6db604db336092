import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { type Kubectl, named } from '../kubectl/kubectl.ts';
import { archiveClaim } from '../manifests/database/archive.ts';
import { backups } from '../manifests/database/backup.ts';
import { broker, type Deployment } from '../manifests/deployment.ts';

/**
 * Reads the facts from the cluster that the manifests depend on: the Broker's ingress URL, which depends on its class;
 * Knative's version, which is a label of its CRDs; and the sizes of existing volume claims, which must not change.
 */
export async function surroundings(
	kubectl: Kubectl,
): Promise<Pick<Deployment, 'sink' | 'knative' | 'spreads' | 'storage'>> {
	const [[live], [set], claims, version, features] = await Promise.all([
		kubectl.list('brokers.eventing.knative.dev', ...named(broker)),
		kubectl.list<IStatefulSet>('statefulsets.apps', ...named('postgres')),
		kubectl.list<IPersistentVolumeClaim>('persistentvolumeclaims'),
		// A user who can deploy into the namespace can lack the right to read these cluster-wide objects.
		kubectl.attempt([
			...['get', 'crd/services.serving.knative.dev', '-o'],
			'jsonpath={.metadata.labels.app\\.kubernetes\\.io/version}',
		]),
		kubectl.attempt([
			...['get', 'configmap/config-features', '-n', 'knative-serving', '-o'],
			'jsonpath={.data.kubernetes\\.podspec-topologyspreadconstraints}',
		]),
	]);
	const data = set?.spec?.volumeClaimTemplates?.[0]?.spec?.resources?.requests?.['storage'];
	const sizes = { data, backups: sizeIn(claims, backups.claim), archive: sizeIn(claims, archiveClaim.claim) };
	return {
		sink: live?.status?.address?.url,
		knative: version.stdout.trim() || undefined,
		spreads: features.stdout.trim().toLowerCase() === 'enabled',
		storage: Object.fromEntries(
			Object.entries(sizes).flatMap(([name, size]) => (size === undefined ? [] : [[name, String(size)]])),
		),
	};
}

const sizeIn = (claims: readonly IPersistentVolumeClaim[], name: string): string | number | undefined =>
	claims.find(({ metadata }) => metadata?.name === name)?.spec?.resources?.requests?.['storage'];
