import type { IService } from '@kubernetes-models/knative/serving.knative.dev/v1';
import type { ITopologySpreadConstraint } from 'kubernetes-models/v1';
import type { Declaration, Target } from '../../../kit/declare/declare.ts';
import { environmentOf } from '../../../kit/declare/environment.ts';
import { labelsOf, metadata } from '../object.ts';
import { type Place, profileOf, secretsOf, sinkOf } from '../place.ts';
import { secretName } from '../secret.ts';
import { readsPods } from './account.ts';
import { container, scratch, secretVariable } from './container.ts';
import { alwaysOn, mostOf } from './profile.ts';

/** Answered by the kit's server on every target; 0 stands for the one port the container has. */
const health = { path: '/health', port: 0 };

/**
 * What an instance may have of memory, in MiB: a body of JSON can take ten times its length, as bytes, as text, as values,
 * and as what is not collected yet.
 */
const memoryOf = ({ bodyLimit }: Declaration): number => 256 + Math.floor((10 * bodyLimit) / 2 ** 20);

/** The instances of a Service that keeps several are on several nodes, where there are as many. */
const spread = (service: string): ITopologySpreadConstraint => ({
	maxSkew: 1,
	topologyKey: 'kubernetes.io/hostname',
	whenUnsatisfiable: 'ScheduleAnyway',
	labelSelector: { matchLabels: { 'serving.knative.dev/service': service } },
});

/** A share of a Service's requests: for its latest revision, or for one by its name. */
export type TrafficTarget = NonNullable<NonNullable<IService['spec']>['traffic']>[number];

/** All of them for the latest. Said although it is the default, so that it is so again after a rollback. */
export const latest: TrafficTarget[] = [{ latestRevision: true, percent: 100 }];

/** The Knative Service of a target, with the environment that the laptop gives it too. */
export function knativeService(target: Target, functions: readonly Declaration[], place: Place): IService {
	const { name, signature, declaration } = target;
	const profile = profileOf(place);
	const instances = alwaysOn(target, profile);
	const url = (service: string): string => `http://${service}.${place.namespace}.svc.cluster.local`;
	const plain = environmentOf(target, functions, { url, sink: sinkOf(place), env: place.env ?? {} });
	const meta = metadata(name, declaration.name, 'function');
	return {
		apiVersion: 'serving.knative.dev/v1',
		kind: 'Service',
		metadata: {
			...meta,
			labels: {
				...meta.labels,
				...(signature === 'cloudevent' ? { 'networking.knative.dev/visibility': 'cluster-local' } : {}),
			},
		},
		spec: {
			traffic: latest,
			template: {
				metadata: {
					labels: labelsOf(declaration.name, 'function'),
					annotations: {
						'autoscaling.knative.dev/target': String(declaration.scale.concurrency),
						...(instances ? { 'autoscaling.knative.dev/min-scale': String(instances) } : {}),
						'autoscaling.knative.dev/max-scale': String(mostOf(declaration, profile)),
						'autoscaling.knative.dev/window': profile.window,
						// Of its default, 25m, several functions could run (see profile.ts).
						'queue.sidecar.serving.knative.dev/cpu-resource-request': '3m',
						...(declaration.data ? secretsOf(place) : {}),
					},
				},
				spec: {
					serviceAccountName: declaration.name,
					enableServiceLinks: false,
					// Knative takes no `true` here; the account's own word counts.
					...(readsPods(declaration) ? {} : { automountServiceAccountToken: false }),
					containers: [
						{
							name: 'function',
							...container(
								place.image(declaration.name),
								[
									...Object.entries(plain).map(([key, value]) => ({ name: key, value })),
									...(readsPods(declaration) && place.knative
										? [{ name: 'KNATIVE_VERSION', value: place.knative }]
										: []),
									...(declaration.data ? [secretVariable('DATABASE_URL', secretName.database(declaration.name))] : []),
								],
								memoryOf(declaration),
								profile.instance,
							),
							// The activator finds out by itself, every 200 ms, when an instance serves. Should the kubelet and the Service know
							// before it does, as while network policies follow late, it takes the function's instances for those of a
							// mesh, and from then on waits at each cold start for the kubelet (serving's pkg/activator/net/
							// revision_backends.go): so the kubelet asks later, but often. A busy function is given thirty seconds.
							readinessProbe: { httpGet: health, initialDelaySeconds: 3, periodSeconds: 1, failureThreshold: 30 },
							livenessProbe: { httpGet: health, periodSeconds: 30, timeoutSeconds: 5 },
						},
					],
					...(instances > 1 && place.spreads ? { topologySpreadConstraints: [spread(name)] } : {}),
					volumes: [scratch.volume],
				},
			},
		},
	};
}
