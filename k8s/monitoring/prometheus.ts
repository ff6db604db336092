import { hash } from 'node:crypto';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IRole, IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IConfigMap, IService, IServiceAccount } from 'kubernetes-models/v1';
import type { Deployment } from '../manifests/deployment.ts';
import { podReader } from '../manifests/serving/account.ts';
import { restricted, scratch } from '../manifests/serving/container.ts';
import { httpProbe, partLabels, partMetadata, partService, podSecurity, portOf } from './component.ts';
import { rulesText } from './rules/rules.ts';
import { prometheusConfig } from './scrape.ts';

/** The id of the image's user, `nobody`. */
const user = 65_534;

/** How long metrics are stored, and up to which size: a bit less than the volume. */
const retention = { time: '15d', size: '1500MB', volume: '2Gi' };

/** Returns a Role to find Pods, and its binding to the Prometheus of the shop's namespace. */
export const podFinder = (name: string, { namespace }: Pick<Deployment, 'namespace'>): [IRole, IRoleBinding] =>
	podReader(partMetadata('prometheus', name), ['get', 'list', 'watch'], { name: 'prometheus', namespace });

/** Returns Prometheus. It finds targets through the Kubernetes API and stores metrics on a volume. */
export function prometheus(
	deployment: Deployment,
): [IServiceAccount, IRole, IRoleBinding, IConfigMap, IService, IStatefulSet] {
	const data = { 'prometheus.yml': prometheusConfig(deployment.namespace), 'rules.yaml': rulesText() };
	const config = hash('sha256', JSON.stringify(data)).slice(0, 12);
	const metadata = partMetadata('prometheus');
	return [
		{ apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: true },
		...podFinder('prometheus', deployment),
		{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data },
		partService('prometheus'),
		{
			apiVersion: 'apps/v1',
			kind: 'StatefulSet',
			metadata,
			spec: {
				serviceName: 'prometheus',
				replicas: 1,
				selector: { matchLabels: partLabels('prometheus') },
				// The shop can do without the metrics, so their volume is deleted with the StatefulSet.
				persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
				template: {
					// Prometheus reads its configuration only at start, so a new hash replaces the Pod.
					metadata: { labels: partLabels('prometheus'), annotations: { 'bodega.dev/config': config } },
					spec: {
						...podSecurity(user),
						serviceAccountName: 'prometheus',
						containers: [
							{
								name: 'prometheus',
								image: 'prom/prometheus:v2.53.3',
								args: [
									'--config.file=/etc/prometheus/prometheus.yml',
									'--storage.tsdb.path=/prometheus',
									`--storage.tsdb.retention.time=${retention.time}`,
									`--storage.tsdb.retention.size=${retention.size}`,
								],
								ports: [{ name: 'http', containerPort: portOf.prometheus }],
								startupProbe: { ...httpProbe('prometheus', '/-/ready'), failureThreshold: 60 },
								readinessProbe: httpProbe('prometheus', '/-/ready'),
								livenessProbe: { ...httpProbe('prometheus', '/-/healthy'), periodSeconds: 30, failureThreshold: 6 },
								resources: { requests: { cpu: '10m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
								securityContext: restricted(user),
								volumeMounts: [
									{ name: 'config', mountPath: '/etc/prometheus', readOnly: true },
									{ name: 'data', mountPath: '/prometheus' },
									scratch.mount,
								],
							},
						],
						volumes: [{ name: 'config', configMap: { name: 'prometheus' } }, scratch.volume],
					},
				},
				volumeClaimTemplates: [
					{
						metadata: { name: 'data', labels: partLabels('prometheus') },
						spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: retention.volume } } },
					},
				],
			},
		},
	];
}
