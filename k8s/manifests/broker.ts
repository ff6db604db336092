import type { IBroker } from '@kubernetes-models/knative/eventing.knative.dev/v1';
import type { IEventType } from '@kubernetes-models/knative/eventing.knative.dev/v1beta3';
import { catalog, type EventType } from '../../eventing/catalog.ts';
import type { Declaration } from '../../functions/kit/declare.ts';
import { metadata } from './object.ts';
import { broker } from './place.ts';

const reference = { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: broker };

/** The Broker, of the cluster's default class, and its catalog of events for whoever looks with `kubectl get eventtypes`. */
export const brokerAndEventTypes = (functions: readonly Declaration[]): [IBroker, ...IEventType[]] => [
	{ apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', metadata: metadata(broker, 'broker', 'eventing') },
	...(Object.keys(catalog) as EventType[]).map((type) => eventType(type, functions)),
];

function eventType(type: EventType, functions: readonly Declaration[]): IEventType {
	const sources = functions.filter(({ emits }) => emits.includes(type)).map(({ name }) => `/functions/${name}`);
	return {
		apiVersion: 'eventing.knative.dev/v1beta3',
		kind: 'EventType',
		metadata: metadata(type, 'broker', 'eventing'),
		spec: {
			reference,
			description: catalog[type].summary,
			// Kept as v1beta2, which has room for these four alone, in this order; with others, each deployment would be a change.
			attributes: [
				{ name: 'specversion', required: true },
				{ name: 'id', required: true },
				{ name: 'type', required: true, value: type },
				// With several emitters the value is a template, in which braces stand for any text.
				{
					name: 'source',
					required: true,
					value: sources.length === 1 ? (sources[0] as string) : '/functions/{function}',
				},
			],
		},
	};
}
