import * as z from 'zod';
import { type Delivery, defaultDelivery, deliverySpec } from '../delivery/delivery.ts';
import { type Destination, destination } from '../delivery/destination.ts';
import { attributes, compileFilter, dialect, type Filter } from '../event/filter.ts';
import { type KubernetesObject, ManifestError, metadata, parseObject, readObjects } from './objects.ts';

export interface Trigger {
	namespace: string;
	name: string;
	wants: Filter;
	subscriber: Destination;
	delivery: Delivery;
}

/** The triggers of every broker, by the broker's `namespace/name`. */
export type Brokers = ReadonlyMap<string, readonly Trigger[]>;

const brokerSchema = z.looseObject({
	metadata,
	// spec.config selects a channel on the cluster; the local broker has only one kind.
	spec: z.strictObject({ config: z.unknown(), delivery: deliverySpec.optional() }).partial().nullish(),
});

const triggerSchema = z.looseObject({
	metadata,
	spec: z.strictObject(
		{
			broker: z.string('expected the name of a Broker').min(1, 'expected the name of a Broker'),
			filter: z.strictObject({ attributes: attributes.optional() }).optional(),
			filters: z.array(dialect, 'expected a list').optional(),
			subscriber: destination,
			delivery: deliverySpec.optional(),
		},
		{ error: (issue) => (issue.code === 'invalid_type' ? 'expected broker and subscriber' : undefined) },
	),
});

const isKind = (kind: string) => (object: KubernetesObject) =>
	object.kind === kind && object.apiVersion === 'eventing.knative.dev/v1';

/** Ignores other kinds of objects. @throws ManifestError if one is malformed, or if a Trigger's Broker is missing. */
export function brokersOf(objects: readonly KubernetesObject[]): Brokers {
	const deliveries = new Map<string, Delivery>();
	for (const object of objects.filter(isKind('Broker'))) {
		const { metadata, spec } = parseObject(brokerSchema, object);
		deliveries.set(`${metadata.namespace}/${metadata.name}`, spec?.delivery ?? defaultDelivery);
	}
	// Indexed by name, because on a cluster the second apply of an object replaces the first.
	const triggers = new Map<string, { broker: string; trigger: Trigger }>();
	for (const object of objects.filter(isKind('Trigger'))) {
		const { metadata, spec } = parseObject(triggerSchema, object);
		const { namespace, name } = metadata;
		const broker = `${namespace}/${spec.broker}`;
		const ofBroker = deliveries.get(broker);
		if (ofBroker === undefined) {
			const known = [...deliveries.keys()].join(', ') || 'none';
			throw new ManifestError(
				`${object.file}: Trigger ${namespace}/${name}: spec.broker: found "${spec.broker}", expected a Broker in the Trigger's namespace; known Brokers: ${known}`,
			);
		}
		const trigger: Trigger = {
			namespace,
			name,
			wants: compileFilter(spec.filter?.attributes, spec.filters),
			subscriber: spec.subscriber,
			// A Trigger's delivery replaces the Broker's completely, dead letter sink included.
			delivery: spec.delivery ?? ofBroker,
		};
		triggers.set(`${namespace}/${name}`, { broker, trigger });
	}
	const byBroker = Map.groupBy(triggers.values(), ({ broker }) => broker);
	return new Map([...deliveries.keys()].map((key) => [key, (byBroker.get(key) ?? []).map(({ trigger }) => trigger)]));
}

/** @throws ManifestError as `readObjects` and `brokersOf` do. */
export const readBrokers = (files: readonly string[]): Brokers => brokersOf(readObjects(files));
