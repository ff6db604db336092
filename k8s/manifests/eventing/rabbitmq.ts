import { broker, choicesOf, type Deployment } from '../deployment.ts';
import { type KubernetesObject, metadata } from '../object.ts';
import { brokerRole, dns, inNamespace, podsOf, policy, toGateway } from '../policy.ts';

/** Selects the Broker's Pods, which run in the shop's namespace: an ingress, and a dispatcher for each Trigger. */
const brokerPods = {
	podSelector: {
		matchExpressions: [{ key: brokerRole, operator: 'In', values: ['ingress', 'dispatcher'] }],
	},
};

/** Returns the configuration and network policy of a RabbitMQ Broker, or nothing for other classes. */
export function rabbitmq(deployment: Deployment): KubernetesObject[] {
	const [kind, reference] = choicesOf(deployment).broker.split(':');
	if (kind !== 'rabbitmq' || !reference) return [];
	const [namespace = '', name = ''] = reference.split('/');
	const config = {
		apiVersion: 'eventing.knative.dev/v1alpha1',
		kind: 'RabbitmqBrokerConfig',
		metadata: metadata(broker, 'broker', 'eventing'),
		spec: { rabbitmqClusterReference: { namespace, name }, queueType: 'quorum' },
	};
	return [
		config,
		policy(metadata('broker', 'broker', 'eventing'), brokerPods, {
			ingress: [{ from: [podsOf('function'), brokerPods], ports: [{ port: 8080 }] }],
			egress: [
				dns,
				toGateway,
				{ to: [brokerPods], ports: [{ port: 8080 }] },
				{ to: [inNamespace(namespace, {})], ports: [{ port: 5671 }, { port: 5672 }] },
			],
		}),
	];
}
