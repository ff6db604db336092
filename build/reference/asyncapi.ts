import { attributeOf, catalog, dataschemaOf, type EventType } from '../../eventing/catalog/catalog.ts';
import { delivery, triggersOf } from '../../eventing/delivery.ts';
import { sourceOf } from '../../eventing/outbox.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import { shop } from '../../shop.ts';
import { type Json, Schemas } from './schemas.ts';

const description = `
The events that the shop's functions exchange: CloudEvents 1.0 in the binary mode of the HTTP binding. Functions publish them to
the Broker. Its Triggers deliver each event at least once to the functions that react to it, with ${delivery.retry} retries. A function
records handled events and ignores a second delivery. The HTTP operations are in [openapi.json](/api/openapi.json).
`.trim();

const binding = { http: { method: 'POST', bindingVersion: '0.3.0' } };

/** Converts `dev.bodega.order.placed` to `OrderPlaced`. */
const messageName = (type: EventType): string =>
	`.${type}`.replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());

/** Returns the AsyncAPI 3.0 document of the given functions' events. */
export function asyncApi(functions: readonly Declaration[], version: string): Json {
	const schemas = new Schemas('draft-07');
	const types = new Set(functions.flatMap(({ emits, reacts }) => [...emits, ...reacts]));
	const messages = Object.fromEntries([...types].map((type) => [messageName(type), message(type, functions, schemas)]));
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
				description:
					'On a cluster, the ingress of the default Broker class. On a laptop, a local broker takes its place.',
			},
		},
		channels: {
			broker: {
				address: `/${shop.namespace}/default`,
				title: 'The Broker',
				description: 'Accepts every event and delivers it to the Triggers of its type.',
				servers: [{ $ref: '#/servers/broker' }],
				messages: Object.fromEntries(
					[...types].map((type) => [messageName(type), { $ref: `#/components/messages/${messageName(type)}` }]),
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

/** Returns the attributes of the shop's events under their names in binary mode (CloudEvents, HTTP binding, 3.1.3). */
const attributes = (type: EventType, sources: readonly string[]): Json => ({
	type: 'object',
	properties: {
		'ce-specversion': { type: 'string', const: '1.0' },
		'ce-id': { type: 'string', description: 'Identifies the event together with its source.' },
		'ce-source': { type: 'string', enum: sources, description: 'The function that emits the event.' },
		'ce-type': { type: 'string', const: attributeOf(type) },
		'ce-subject': { type: 'string', description: 'The id of the event’s subject, such as an order.' },
		'ce-time': { type: 'string', format: 'date-time' },
		'ce-dataschema': { type: 'string', const: dataschemaOf(type) },
		'ce-traceparent': { type: 'string', description: 'The trace of the event (W3C Trace Context).' },
		'ce-publication': {
			type: 'string',
			description:
				'Which publication of the event this is: `first`, or for example `relay-12`. A later one has a higher number.',
		},
	},
	required: ['ce-specversion', 'ce-id', 'ce-source', 'ce-type', 'ce-subject', 'ce-time', 'ce-dataschema'],
});
