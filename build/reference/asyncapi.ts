import { attributeOf, catalog, dataschemaOf, type EventType } from '../../eventing/catalog.ts';
import { delivery, triggersOf } from '../../eventing/delivery.ts';
import { sourceOf } from '../../eventing/outbox.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import { shop } from '../../shop.ts';
import { type Json, Schemas } from './schemas.ts';

const description = `
The events that the shop's functions tell each other of: CloudEvents 1.0 in the HTTP binding's binary mode. Each is published to
the Broker, whose triggers hand it to whoever reacts to it, at least once, retried ${delivery.retry} times; what is handled is noted, so that a
second delivery does nothing. The operations that people call are in [openapi.json](/api/openapi.json).
`.trim();

const binding = { http: { method: 'POST', bindingVersion: '0.3.0' } };

/** `OrderPlaced` for `order.placed`. */
const messageName = (type: EventType): string =>
	`.${type}`.replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());

/** The AsyncAPI 3.0 document of the catalog, and of who emits and who reacts among some functions. */
export function asyncApi(functions: readonly Declaration[], version: string): Json {
	const schemas = new Schemas('draft-07');
	const types = Object.keys(catalog) as EventType[];
	const messages = Object.fromEntries(types.map((type) => [messageName(type), message(type, functions, schemas)]));
	const operation = (action: 'send' | 'receive', fn: string, type: EventType): Json => ({
		action,
		channel: { $ref: '#/channels/broker' },
		title: `${fn} ${action === 'send' ? 'emits' : 'reacts to'} ${attributeOf(type)}`,
		summary: catalog[type].summary,
		tags: [{ name: fn }],
		bindings: binding,
		messages: [{ $ref: `#/channels/broker/messages/${messageName(type)}` }],
	});
	const emitted = functions.flatMap(({ name, emits }) => emits.map((type) => ({ name, type })));
	return {
		asyncapi: '3.0.0',
		info: {
			title: shop.title,
			version,
			description,
			license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
			tags: functions
				.filter(({ emits, reacts }) => emits.length || reacts.length)
				.map(({ name, purpose }) => ({ name, description: purpose })),
		},
		defaultContentType: 'application/json',
		servers: {
			broker: {
				host: 'broker-ingress.knative-eventing.svc.cluster.local',
				protocol: 'http',
				description: 'The ingress of the default Broker class, on a cluster; on a laptop the twin’s own.',
			},
		},
		channels: {
			broker: {
				address: `/${shop.namespace}/default`,
				title: 'The Broker',
				description: 'Takes every event, and hands each to the triggers of its type.',
				servers: [{ $ref: '#/servers/broker' }],
				messages: Object.fromEntries(
					types.map((type) => [messageName(type), { $ref: `#/components/messages/${messageName(type)}` }]),
				),
			},
		},
		operations: {
			...Object.fromEntries(
				emitted.map(({ name, type }) => [`${name}-emits-${type.replaceAll('.', '-')}`, operation('send', name, type)]),
			),
			...Object.fromEntries(
				triggersOf(functions).map(({ name, function: fn, type }) => [name, operation('receive', fn, type)]),
			),
		},
		components: { messages, ...(Object.keys(schemas.named).length ? { schemas: schemas.named } : {}) },
	};
}

/** One type of event, with the CloudEvents attributes as HTTP headers. */
function message(type: EventType, functions: readonly Declaration[], schemas: Schemas): Json {
	const { summary, data } = catalog[type];
	const payload = schemas.of(data, 'output');
	const example = schemas.exampleOf(payload);
	const sources = functions.filter(({ emits }) => emits.includes(type)).map(({ name }) => sourceOf(name));
	return {
		name: attributeOf(type),
		title: attributeOf(type),
		summary,
		contentType: 'application/json',
		headers: attributes(type, sources),
		payload,
		...(example === undefined ? {} : { examples: [{ payload: example }] }),
	};
}

/** The attributes that the shop's events have, by the names of the binary mode (CloudEvents, HTTP binding, 3.1.3). */
const attributes = (type: EventType, sources: readonly string[]): Json => ({
	type: 'object',
	properties: {
		'ce-specversion': { type: 'string', const: '1.0' },
		'ce-id': { type: 'string', description: 'With the source, what tells this event from all others.' },
		'ce-source': { type: 'string', enum: sources, description: 'The function that emits it.' },
		'ce-type': { type: 'string', const: attributeOf(type) },
		'ce-subject': { type: 'string', description: 'The id of what it is about.' },
		'ce-time': { type: 'string', format: 'date-time' },
		'ce-dataschema': { type: 'string', const: dataschemaOf(type) },
		'ce-traceparent': { type: 'string', description: 'The trace it belongs to (W3C Trace Context).' },
	},
	required: ['ce-specversion', 'ce-id', 'ce-source', 'ce-type', 'ce-subject', 'ce-time', 'ce-dataschema'],
});
