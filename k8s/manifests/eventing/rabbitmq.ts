import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { type KubernetesObject, metadata } from '../object.ts';
import { broker, choicesOf, type Place } from '../place.ts';
import { brokerRole, dns, inNamespace, podsOf, policy, toGateway } from '../policy.ts';

/** Where a Broker of RabbitMQ is told which RabbitmqCluster is behind it (eventing.knative.dev/v1alpha1). */
interface RabbitmqBrokerConfig extends KubernetesObject {
	readonly spec: {
		readonly rabbitmqClusterReference: { readonly namespace: string; readonly name: string };
		readonly queueType: 'quorum' | 'classic';
	};
}

/** The pods of such a Broker, which are in its own namespace: one that takes events in, and one for each Trigger. */
const brokerPods = {
	podSelector: {
		matchExpressions: [{ key: brokerRole, operator: 'In', values: ['ingress', 'dispatcher'] }],
	},
};

/** What the Broker needs besides itself when RabbitMQ is behind it. */
export function rabbitmq(place: Place): (RabbitmqBrokerConfig | INetworkPolicy)[] {
	const [kind, reference] = choicesOf(place).broker.split(':');
	if (kind !== 'rabbitmq' || !reference) return [];
	const [namespace = '', name = ''] = reference.split('/');
	return [
		{
			apiVersion: 'eventing.knative.dev/v1alpha1',
			kind: 'RabbitmqBrokerConfig',
			metadata: metadata(broker, 'broker', 'eventing'),
			spec: { rabbitmqClusterReference: { namespace, name }, queueType: 'quorum' },
		},
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
