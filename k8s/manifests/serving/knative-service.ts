import type { IService } from '@kubernetes-models/knative/serving.knative.dev/v1';
import type { ITopologySpreadConstraint } from 'kubernetes-models/v1';
import type { Declaration, Target } from '../../../kit/declare/declare.ts';
import { environmentOf, wakesOf } from '../../../kit/declare/environment.ts';
import { choicesOf, type Deployment, profileOf, secretsOf, sinkOf } from '../deployment.ts';
import { labelsOf, metadata } from '../object.ts';
import { secretName } from '../secret.ts';
import { readsPods } from './account.ts';
import { container, secretVariable } from './container.ts';
import { alwaysOn, mostOf } from './profile.ts';

/** The health check, which the kit's server answers on every target. Port 0 means the container's only port. */
const health = { path: '/health', port: 0 };

/**
 * Returns the memory limit of an instance, in MiB. A JSON body can take ten times its length: as bytes, as text, as
 * values, and as garbage that is not collected yet. An instance holds one of the largest in parallel, or many small ones
 * (`bodyMemoryOf`); 256 MiB include these.
 */
export const memoryOf = ({ bodyLimit }: Declaration): number => 256 + Math.floor((10 * bodyLimit) / 2 ** 20);

/** Spreads the instances of a Service over nodes, if there are several nodes. */
const spread = (service: string): ITopologySpreadConstraint => ({
	maxSkew: 1,
	topologyKey: 'kubernetes.io/hostname',
	whenUnsatisfiable: 'ScheduleAnyway',
	labelSelector: { matchLabels: { 'serving.knative.dev/service': service } },
});

/** A share of a Service's requests, for its latest revision or for a named one. */
export type TrafficTarget = NonNullable<NonNullable<IService['spec']>['traffic']>[number];

/** All requests to the latest revision. This is the default, but it has to be explicit to undo a rollback. */
export const latest: TrafficTarget[] = [{ latestRevision: true, percent: 100 }];

/** Returns the Knative Service of a target. Its environment is the same as on the laptop. */
export function knativeService(target: Target, functions: readonly Declaration[], deployment: Deployment): IService {
	const { name, signature, declaration } = target;
	const profile = profileOf(deployment);
	const instances = alwaysOn(target, profile);
	const urls = ['DATABASE_URL', ...(choicesOf(deployment).pooler ? ['DATABASE_DIRECT_URL'] : [])];
	const url = (service: string): string => `http://${service}.${deployment.namespace}.svc.cluster.local`;
	// By default Kourier passes X-Forwarded-For on unchanged, so that no entry is known to be a client's (docs/ingress.md).
	const env = { TRUSTED_PROXIES: 'unknown', ...deployment.env };
	const addresses = { url, sink: sinkOf(deployment), env };
	const plain = { ...environmentOf(target, functions, addresses), ...wakesOf(target, functions, addresses) };
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
						// The default of 25m is enough CPU for several functions (see profile.ts).
						'queue.sidecar.serving.knative.dev/cpu-resource-request': '3m',
						...(declaration.data ? secretsOf(deployment) : {}),
					},
				},
				spec: {
					serviceAccountName: declaration.name,
					enableServiceLinks: false,
					// Knative does not accept `true` here, so the ServiceAccount sets it.
					...(readsPods(declaration) ? {} : { automountServiceAccountToken: false }),
					containers: [
						{
							name: 'function',
							...container(
								deployment.image(declaration.name),
								[
									...Object.entries(plain).map(([key, value]) => ({ name: key, value })),
									...(readsPods(declaration) && deployment.knative
										? [{ name: 'KNATIVE_VERSION', value: deployment.knative }]
										: []),
									...(declaration.data
										? urls.map((url) => secretVariable(url, secretName.database(declaration.name)))
										: []),
								],
								memoryOf(declaration),
								profile.instance,
							),
							// The activator itself probes every 200 ms whether an instance serves. If the kubelet and the Service
							// notice first, for example because network policies apply late, the activator assumes that the function
							// is in a mesh, and from then on waits for the kubelet at each cold start (serving's pkg/activator/net/
							// revision_backends.go). So the kubelet probes late, but often. A busy function gets 30 s to answer.
							readinessProbe: { httpGet: health, initialDelaySeconds: 3, periodSeconds: 1, failureThreshold: 30 },
							livenessProbe: { httpGet: health, periodSeconds: 30, timeoutSeconds: 5 },
						},
					],
					...(instances > 1 && deployment.spreads ? { topologySpreadConstraints: [spread(name)] } : {}),
				},
			},
		},
	};
}
