import * as z from 'zod';
import { type Delivery, defaultDelivery, deliverySpec } from '../delivery/delivery.ts';
import { destination } from '../delivery/destination.ts';
import { attributes, compileFilter, dialect, type Filter } from '../event/filter.ts';
import { type KubernetesObject, ManifestError, metadata, parseObject, readObjects } from './objects.ts';

/** A Trigger, ready to be asked and delivered to. */
export interface Trigger {
	namespace: string;
	name: string;
	wants: Filter;
	/** The subscriber's address as the manifest has it. */
	subscriber: string;
	delivery: Delivery;
}

/** Every broker by `namespace/name`, with its triggers. */
export type Brokers = ReadonlyMap<string, readonly Trigger[]>;

const brokerSchema = z.looseObject({
	metadata,
	// spec.config chooses a channel on the cluster; there is only one kind here.
	spec: z.strictObject({ config: z.unknown(), delivery: deliverySpec.optional() }).partial().nullish(),
});

const triggerSchema = z.looseObject({
	metadata,
	spec: z.strictObject(
		{
			broker: z.string('wanted the name of a Broker').min(1, 'wanted the name of a Broker'),
			filter: z.strictObject({ attributes: attributes.optional() }).optional(),
			filters: z.array(dialect, 'wanted a list').optional(),
			subscriber: destination,
			delivery: deliverySpec.optional(),
		},
		{ error: (issue) => (issue.code === 'invalid_type' ? 'wanted broker and subscriber' : undefined) },
	),
});

const isKind = (kind: string) => (object: KubernetesObject) =>
	object.kind === kind && object.apiVersion === 'eventing.knative.dev/v1';

/**
 * The brokers and triggers among some objects; whatever else is there is not the broker's.
 *
 * @throws ManifestError if one of them is malformed, or a Trigger's Broker is not there.
 */
export function brokersOf(objects: readonly KubernetesObject[]): Brokers {
	const deliveries = new Map<string, Delivery>();
	for (const object of objects.filter(isKind('Broker'))) {
		const { metadata, spec } = parseObject(brokerSchema, object);
		deliveries.set(`${metadata.namespace}/${metadata.name}`, spec?.delivery ?? defaultDelivery);
	}
	// By name, as in the cluster, where applying an object twice leaves the second.
	const triggers = new Map<string, { broker: string; trigger: Trigger }>();
	for (const object of objects.filter(isKind('Trigger'))) {
		const { metadata, spec } = parseObject(triggerSchema, object);
		const { namespace, name } = metadata;
		const broker = `${namespace}/${spec.broker}`;
		const ofBroker = deliveries.get(broker);
		if (ofBroker === undefined) {
			const known = [...deliveries.keys()].join(', ') || 'none';
			throw new ManifestError(
				`${object.file}: Trigger ${namespace}/${name}: spec.broker: found "${spec.broker}", wanted a Broker of the Trigger's namespace; there are ${known}`,
			);
		}
		const trigger: Trigger = {
			namespace,
			name,
			wants: compileFilter(spec.filter?.attributes, spec.filters),
			subscriber: spec.subscriber,
			// A Trigger's delivery replaces the Broker's as a whole, dead letter sink included.
			delivery: spec.delivery ?? ofBroker,
		};
		triggers.set(`${namespace}/${name}`, { broker, trigger });
	}
	return new Map(
		[...deliveries.keys()].map((key) => [
			key,
			[...triggers.values()].filter(({ broker }) => broker === key).map(({ trigger }) => trigger),
		]),
	);
}

/** The brokers and triggers of some manifests. @throws ManifestError as `readObjects` and `brokersOf` do. */
export const readBrokers = (files: readonly string[]): Brokers => brokersOf(readObjects(files));
