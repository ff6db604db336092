import { hash } from 'node:crypto';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IService } from 'kubernetes-models/v1';
import { stringify } from 'yaml';
import { restricted, scratch } from '../manifests/serving/container.ts';
import { httpProbe, partLabels, partMetadata, partService, podSecurity, portOf } from './component.ts';
import { dashboardJson } from './dashboards/dashboard.ts';
import { dashboards } from './dashboards/dashboards.ts';

/** The id of the image's user. */
const user = 472;

const datasource = {
	name: 'Prometheus',
	uid: 'prometheus',
	type: 'prometheus',
	access: 'proxy',
	url: `http://prometheus:${portOf.prometheus}`,
	isDefault: true,
};
const provider = { name: 'bodega', folder: '', type: 'file', options: { path: '/var/lib/bodega' } };

/** Anybody who can reach the port can view everything. There are no accounts, and nothing can be edited. */
const settings = {
	GF_AUTH_ANONYMOUS_ENABLED: 'true',
	GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
	GF_AUTH_BASIC_ENABLED: 'false',
	GF_AUTH_DISABLE_LOGIN_FORM: 'true',
	GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
	// A network policy lets Grafana reach only Prometheus.
	GF_ANALYTICS_REPORTING_ENABLED: 'false',
	GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
	GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
	GF_LOG_MODE: 'console',
};

export function grafana(): [IConfigMap, IConfigMap, IService, IDeployment] {
	const configuration = {
		'datasources.yaml': stringify({ apiVersion: 1, datasources: [datasource] }),
		'dashboards.yaml': stringify({ apiVersion: 1, providers: [provider] }),
	};
	const files = Object.fromEntries(dashboards.map((each) => [`${each.name}.json`, dashboardJson(each)]));
	const config = hash('sha256', JSON.stringify([configuration, files])).slice(0, 12);
	const provision = (kind: string) => ({
		name: 'provisioning',
		mountPath: `/etc/grafana/provisioning/${kind}/${kind}.yaml`,
		subPath: `${kind}.yaml`,
		readOnly: true,
	});
	return [
		{ apiVersion: 'v1', kind: 'ConfigMap', metadata: partMetadata('grafana'), data: configuration },
		{ apiVersion: 'v1', kind: 'ConfigMap', metadata: partMetadata('grafana', 'grafana-dashboards'), data: files },
		partService('grafana'),
		{
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: partMetadata('grafana'),
			spec: {
				replicas: 1,
				selector: { matchLabels: partLabels('grafana') },
				template: {
					metadata: { labels: partLabels('grafana'), annotations: { 'bodega.dev/config': config } },
					spec: {
						...podSecurity(user),
						automountServiceAccountToken: false,
						containers: [
							{
								name: 'grafana',
								image: 'grafana/grafana:11.6.0',
								env: Object.entries(settings).map(([name, value]) => ({ name, value })),
								ports: [{ name: 'http', containerPort: portOf.grafana }],
								startupProbe: { ...httpProbe('grafana', '/api/health'), failureThreshold: 60 },
								readinessProbe: httpProbe('grafana', '/api/health'),
								livenessProbe: { ...httpProbe('grafana', '/api/health'), periodSeconds: 30, failureThreshold: 6 },
								resources: { requests: { cpu: '10m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
								securityContext: restricted(user),
								volumeMounts: [
									provision('datasources'),
									provision('dashboards'),
									{ name: 'dashboards', mountPath: '/var/lib/bodega', readOnly: true },
									{ name: 'data', mountPath: '/var/lib/grafana' },
									scratch.mount,
								],
							},
						],
						volumes: [
							{ name: 'provisioning', configMap: { name: 'grafana' } },
							{ name: 'dashboards', configMap: { name: 'grafana-dashboards' } },
							{ name: 'data', emptyDir: {} },
							scratch.volume,
						],
					},
				},
			},
		},
	];
}
