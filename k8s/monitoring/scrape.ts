import { stringify } from 'yaml';
import { dashboards } from './dashboards/dashboards.ts';
import { type Job, jobs, metricsOf, sampleNamesOf } from './names.ts';
import { alerts, interval, recordings } from './rules/rules.ts';

/** The Knative components with metrics about the shop's functions: their namespace, `app` labels and metrics port. */
export const knative = {
	namespace: 'knative-serving',
	apps: ['activator', 'autoscaler'],
	port: 9090,
} as const;

/** The queue-proxy's port for request metrics. */
export const queueProxyPort = 9091;

export const expressions = (): string[] => [
	...recordings.map(({ expr }) => expr),
	...alerts.map(({ expr }) => expr),
	...dashboards.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
];

/** Returns the metrics of a job that an expression uses. Prometheus drops the others. */
export function usedOf(job: Job): string[] {
	const used = new Set(expressions().flatMap(metricsOf));
	return sampleNamesOf(job).filter((name) => used.has(name));
}

const keep = (source: string, regex: string) => ({ source_labels: [source], regex, action: 'keep' });
/** Returns the service discovery name of a Kubernetes label. */
const podLabel = (name: string): string => `__meta_kubernetes_pod_label_${name.replace(/\W/g, '_')}`;
const podsIn = (namespace: string) => [{ role: 'pod', namespaces: { names: [namespace] } }];

/**
 * Returns a scrape job for each kind of target. Prometheus discovers Pods as they come and go. It scrapes every replica
 * of Knative's components, because each has metrics only about its share of the requests.
 */
export function scrapeConfigs(namespace: string): object[] {
	return jobs.map((job) => {
		const used = keep('__name__', usedOf(job).join('|'));
		if (job === 'metrics')
			return { job_name: job, static_configs: [{ targets: ['metrics:8080'] }], metric_relabel_configs: [used] };
		if (job === 'queue-proxy')
			return {
				job_name: job,
				kubernetes_sd_configs: podsIn(namespace),
				relabel_configs: [
					keep('__meta_kubernetes_pod_container_port_number', String(queueProxyPort)),
					keep('__meta_kubernetes_pod_phase', 'Running'),
					...['service', 'revision'].map((label) => ({
						source_labels: [podLabel(`serving.knative.dev/${label}`)],
						target_label: `kn_${label}_name`,
					})),
				],
				metric_relabel_configs: [used],
			};
		return {
			job_name: job,
			kubernetes_sd_configs: podsIn(knative.namespace),
			relabel_configs: [
				keep(podLabel('app'), job),
				keep('__meta_kubernetes_pod_container_port_number', String(knative.port)),
				keep('__meta_kubernetes_pod_phase', 'Running'),
			],
			// These components expose metrics about all namespaces; this stores only the shop's.
			metric_relabel_configs: [used, keep('k8s_namespace_name', namespace)],
		};
	});
}

export const prometheusConfig = (namespace: string): string =>
	stringify(
		{
			global: { scrape_interval: interval, evaluation_interval: interval },
			rule_files: ['/etc/prometheus/rules.yaml'],
			scrape_configs: scrapeConfigs(namespace),
		},
		{ lineWidth: 0, aliasDuplicateObjects: false },
	);
