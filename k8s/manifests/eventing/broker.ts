import type { IBroker } from '@kubernetes-models/knative/eventing.knative.dev/v1';
import type { IEventType } from '@kubernetes-models/knative/eventing.knative.dev/v1beta3';
import { attributeOf, catalog, type EventType } from '../../../eventing/catalog/catalog.ts';
import type { Declaration } from '../../../kit/declare/declare.ts';
import { broker, choicesOf, type Deployment } from '../deployment.ts';
import { metadata } from '../object.ts';

const reference = { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: broker };

/** Returns the Broker's class annotation and configuration, or nothing for the cluster's default class. */
function classOf(deployment: Deployment): Pick<IBroker, 'spec'> & { annotations?: Record<string, string> } {
	const annotations = (name: string) => ({ 'eventing.knative.dev/broker.class': name });
	switch (choicesOf(deployment).broker.split(':')[0]) {
		case 'kafka': // The installation of Knative's Kafka Broker contains this ConfigMap.
			return {
				annotations: annotations('Kafka'),
				spec: {
					config: { apiVersion: 'v1', kind: 'ConfigMap', name: 'kafka-broker-config', namespace: 'knative-eventing' },
				},
			};
		case 'rabbitmq':
			return {
				annotations: annotations('RabbitMQBroker'),
				spec: { config: { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'RabbitmqBrokerConfig', name: broker } },
			};
		default:
			return {};
	}
}

/** Returns the Broker, and an EventType for each event type of the functions, to be listed with `kubectl get eventtypes`. */
export function brokerAndEventTypes(
	functions: readonly Declaration[],
	deployment: Deployment,
): [IBroker, ...IEventType[]] {
	const { annotations, ...spec } = classOf(deployment);
	const meta = { ...metadata(broker, 'broker', 'eventing'), ...(annotations ? { annotations } : {}) };
	return [
		{ apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', metadata: meta, ...spec },
		...[...new Set(functions.flatMap(({ emits }) => emits))].map((type) => eventType(type, functions)),
	];
}

function eventType(type: EventType, functions: readonly Declaration[]): IEventType {
	const [only, ...more] = functions.filter(({ emits }) => emits.includes(type)).map(({ name }) => `/functions/${name}`);
	return {
		apiVersion: 'eventing.knative.dev/v1beta3',
		kind: 'EventType',
		metadata: metadata(attributeOf(type), 'broker', 'eventing'),
		spec: {
			reference,
			description: catalog[type].summary,
			// The cluster stores v1beta2, which has exactly these four, in this order. Others would differ at every
			// deployment.
			attributes: [
				{ name: 'specversion', required: true },
				{ name: 'id', required: true },
				{ name: 'type', required: true, value: attributeOf(type) },
				// If several functions emit the type, the value is a template: a name in braces stands for any text.
				{ name: 'source', required: true, value: only && !more.length ? only : '/functions/{function}' },
			],
		},
	};
}
