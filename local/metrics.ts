import { expose, type Metric } from '../database/metrics/exposition.ts';
import type { DatabaseMetrics } from '../database/metrics/server.ts';
import { shop } from '../shop.ts';
import type { Service } from './service/service.ts';

/** Returns the metrics that Prometheus would collect from the shop's targets on a cluster, under the same names. */
export async function tellMetrics(
	services: ReadonlyMap<string, Service>,
	database: Pick<DatabaseMetrics, 'read'>,
): Promise<string> {
	const all = [...services.values()];
	const histogram = (name: string, help: string, of: 'requests' | 'invocations'): Metric => ({
		name,
		help,
		type: 'histogram',
		samples: all
			.flatMap(({ traffic }) => traffic[of].samples)
			.map(({ labels, ...rest }) => ({ ...rest, labels: { k8s_namespace_name: shop.namespace, ...labels } })),
	});
	const gauge = (name: string, help: string, value: (service: Service) => number, byRevision = false): Metric => ({
		name,
		help,
		type: 'gauge',
		samples: all.map((service) => ({
			labels: {
				k8s_namespace_name: shop.namespace,
				...(byRevision ? {} : { kn_service_name: service.name }),
				kn_revision_name: service.traffic.revision,
			},
			value: value(service),
		})),
	});
	return expose([
		histogram(
			'http_server_request_duration_seconds',
			'Request duration measured by the client, cold starts included.',
			'requests',
		),
		histogram('kn_serving_invocation_duration_seconds', 'Request duration measured by the instance.', 'invocations'),
		gauge('kn_revision_request_queued', 'Requests waiting for an instance.', ({ traffic }) => traffic.queued, true),
		gauge(
			'kn_revision_request_active',
			'Requests being handled by an instance.',
			({ traffic, processes }) => traffic.active + processes.direct,
			true,
		),
		gauge('kn_revision_pods_count', 'Ready instances.', ({ pods }) => pods.count),
		gauge('kn_revision_pods_desired', 'Desired instances.', ({ pods }) => pods.desired),
		gauge('kn_revision_pods_pending_count', 'Starting instances.', ({ pods }) => pods.pending),
		gauge('kn_revision_pods_terminating_count', 'Terminating instances.', ({ pods }) => pods.terminating),
		...(await database.read()),
	]);
}
