import type { Deployment } from '../manifests/deployment.ts';
import type { KubernetesObject } from '../manifests/object.ts';
import { exporter } from './exporter.ts';
import { grafana } from './grafana.ts';
import { monitoringPolicies } from './policies.ts';
import { prometheus } from './prometheus.ts';

/** Returns the objects that monitor the shop, by file. They run in the shop's namespace. */
export const monitoring = (deployment: Deployment): ReadonlyMap<string, readonly KubernetesObject[]> =>
	new Map<string, readonly KubernetesObject[]>([
		['monitoring', [...monitoringPolicies(deployment), ...exporter(deployment), ...prometheus(deployment)]],
		['monitoring-grafana', grafana()],
	]);
