import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import type { KubernetesObject } from '../manifests/object.ts';
import { keyOf } from '../manifests/object.ts';

export interface Readiness {
	readonly kind: string;
	readonly name: string;
	readonly ready: boolean;
	/** Whether it failed for good, so that waiting does not help. */
	readonly failed: boolean;
	readonly reason?: string;
}

/** The kinds that have a readiness, with their full resource names for kubectl. */
const resources: Readonly<Record<string, string>> = {
	'StatefulSet apps/v1': 'statefulsets.apps',
	'Deployment apps/v1': 'deployments.apps',
	'Job batch/v1': 'jobs.batch',
	'Service serving.knative.dev/v1': 'services.serving.knative.dev',
	'Broker eventing.knative.dev/v1': 'brokers.eventing.knative.dev',
	'Trigger eventing.knative.dev/v1': 'triggers.eventing.knative.dev',
	'PingSource sources.knative.dev/v1': 'pingsources.sources.knative.dev',
	'DomainMapping serving.knative.dev/v1beta1': 'domainmappings.serving.knative.dev',
	'Certificate cert-manager.io/v1': 'certificates.cert-manager.io',
	'Cluster postgresql.cnpg.io/v1': 'clusters.postgresql.cnpg.io',
};

const resourceOf = ({ kind, apiVersion }: KubernetesObject): string | undefined => resources[`${kind} ${apiVersion}`];

export async function readinessOf(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<Readiness[]> {
	const waited = objects.filter((object) => resourceOf(object));
	const live = await kubectl.list([...new Set(waited.map(resourceOf))].join(','));
	const found = new Map(live.map((object) => [keyOf(object), object]));
	return waited.map((object) => judge(object, found.get(keyOf(object))));
}

function judge({ kind, metadata }: KubernetesObject, live: LiveObject | undefined): Readiness {
	const known = { kind, name: metadata?.name ?? '' };
	const waiting = (reason: string, failed = false): Readiness => ({ ...known, ready: false, failed, reason });
	if (!live) return waiting('it does not exist');
	const status = live.status ?? {};
	const conditions = status.conditions ?? [];
	if (kind === 'StatefulSet') {
		const current =
			status.observedGeneration === live.metadata.generation && status.currentRevision === status.updateRevision;
		return current && status.readyReplicas ? { ...known, ready: true, failed: false } : waiting('its Pod is not ready');
	}
	if (kind === 'Job') {
		const failure = conditions.find(({ type, status }) => type === 'Failed' && status === 'True');
		if (failure) return waiting(failure.message ?? 'it failed', true);
		const complete = conditions.some(({ type, status }) => type === 'Complete' && status === 'True');
		return complete ? { ...known, ready: true, failed: false } : waiting('it has not finished');
	}
	// Not every controller sets `observedGeneration`.
	const { observedGeneration = live.metadata.generation } = status;
	if (observedGeneration !== live.metadata.generation) return waiting('its controller has not processed it yet');
	const ready = conditions.find(({ type }) => type === (kind === 'Deployment' ? 'Available' : 'Ready'));
	if (ready?.status === 'True') return { ...known, ready: true, failed: false };
	return waiting([ready?.reason, ready?.message].filter(Boolean).join(': ') || 'its controller has not reported yet');
}
