import { expose, type Metric, type Sample } from '../database/metrics/exposition.ts';
import type { DatabaseMetrics } from '../database/metrics/server.ts';
import { shop } from '../shop.ts';
import type { Service } from './service/service.ts';

/** What Prometheus would gather of the shop on a cluster, under the same names: one text for all of its targets there. */
export async function tellMetrics(
	services: ReadonlyMap<string, Service>,
	database: Pick<DatabaseMetrics, 'read'>,
): Promise<string> {
	const all = [...services.values()];
	const histogram = (name: string, help: string, of: 'requests' | 'invocations'): Metric => ({
		name,
		help,
		type: 'histogram',
		samples: all.flatMap(({ traffic }) => traffic[of].samples).map(inNamespace),
	});
	const gauge = (name: string, help: string, value: (service: Service) => number, byRevision = false): Metric => ({
		name,
		help,
		type: 'gauge',
		samples: all
			.map((service) => ({
				labels: {
					...(byRevision ? {} : { kn_service_name: service.name }),
					kn_revision_name: service.traffic.revision,
				},
				value: value(service),
			}))
			.map(inNamespace),
	});
	return expose([
		histogram('http_server_request_duration_seconds', 'As the caller has it, cold starts included.', 'requests'),
		histogram('kn_serving_invocation_duration_seconds', 'As the instance has it.', 'invocations'),
		gauge('kn_revision_request_queued', 'Requests that wait for an instance.', ({ traffic }) => traffic.queued, true),
		gauge('kn_revision_request_active', 'Requests that an instance has.', ({ traffic }) => traffic.active, true),
		gauge('kn_revision_pods_count', 'Instances that serve.', ({ pods }) => pods.count),
		gauge('kn_revision_pods_desired', 'Instances there should be.', ({ pods }) => pods.desired),
		gauge('kn_revision_pods_pending_count', 'Instances that start.', ({ pods }) => pods.pending),
		gauge('kn_revision_pods_terminating_count', 'Instances that finish.', ({ pods }) => pods.terminating),
		...(await database.read()),
	]);
}

const inNamespace = ({ labels, ...rest }: Sample): Sample => ({
	...rest,
	labels: { k8s_namespace_name: shop.namespace, ...labels },
});
