import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { database } from '../manifests/database/database.ts';
import type { Deployment } from '../manifests/deployment.ts';
import { dns, inNamespace, kubernetesApi, podsOf, policy, toDatabase } from '../manifests/policy.ts';
import { partMetadata, portOf } from './component.ts';
import { knative, queueProxyPort } from './scrape.ts';

/** Returns policies for Prometheus to its targets, Grafana to Prometheus, and the exporter to the database. */
export function monitoringPolicies(deployment: Deployment): INetworkPolicy[] {
	const prometheus = podsOf('monitoring', ['prometheus']);
	const grafana = podsOf('monitoring', ['grafana']);
	const metrics = podsOf('monitoring', ['metrics']);
	return [
		policy(partMetadata('prometheus'), prometheus, {
			ingress: [{ from: [grafana], ports: [{ port: portOf.prometheus }] }],
			egress: [
				dns,
				kubernetesApi,
				{ to: [podsOf('function')], ports: [{ port: queueProxyPort }] },
				{ to: [metrics], ports: [{ port: portOf.metrics }] },
				{
					to: knative.apps.map((app) => inNamespace(knative.namespace, { matchLabels: { app } })),
					ports: [{ port: knative.port }],
				},
			],
		}),
		policy(partMetadata('prometheus', 'functions-monitored'), podsOf('function'), {
			ingress: [{ from: [prometheus], ports: [{ port: queueProxyPort }] }],
		}),
		policy(partMetadata('grafana'), grafana, {
			ingress: [],
			egress: [dns, { to: [prometheus], ports: [{ port: portOf.prometheus }] }],
		}),
		policy(partMetadata('metrics'), metrics, {
			ingress: [{ from: [prometheus], ports: [{ port: portOf.metrics }] }],
			egress: [dns, toDatabase(deployment)],
		}),
		policy(partMetadata('metrics', 'postgres-monitored'), podsOf('database'), {
			ingress: [{ from: [metrics], ports: [{ port: database.port }] }],
		}),
	];
}
