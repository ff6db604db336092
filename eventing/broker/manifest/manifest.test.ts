import { describe, expect, test } from 'vitest';
import { brokerObject, toYaml, trigger } from '../testing.ts';
import { brokersOf } from './manifest.ts';
import { parseObjects } from './objects.ts';

const read = (yaml: string) => brokersOf(parseObjects('triggers.yaml', yaml));
const uri = 'http://localhost:8080/shelves-events';

describe('manifests', () => {
	test('are read from several documents and Lists, and other kinds are ignored', () => {
		const list = { apiVersion: 'v1', kind: 'List', items: [trigger('a', uri), trigger('b', uri)] };
		const other = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: {} };
		const elsewhere = { ...brokerObject(), metadata: { name: 'shop', namespace: 'elsewhere' } };
		const brokers = read(toYaml(list, other, elsewhere, brokerObject({ config: { kind: 'ConfigMap' } })));
		expect([...brokers.keys()]).toEqual(['elsewhere/shop', 'default/shop']);
		expect(brokers.get('default/shop')?.map(({ name }) => name)).toEqual(['a', 'b']);
	});

	test('are read with anchors and merge keys', () => {
		const yaml = `
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: &there { name: shop, namespace: merged }
---
apiVersion: v1
kind: List
items:
  - apiVersion: eventing.knative.dev/v1
    kind: Trigger
    metadata: &own { <<: { namespace: merged, name: first }, name: second }
    spec: &spec { broker: shop, subscriber: { uri: '${uri}' }, delivery: { retry: 010 } }
---
apiVersion: eventing.knative.dev/v1
kind: TriggerList
items:
  - metadata: { <<: { namespace: merged }, name: third }
    spec: { broker: shop, subscriber: { uri: '${uri}' } }
`;
		const triggers = read(yaml).get('merged/shop');
		expect(triggers?.map(({ name, delivery }) => [name, delivery.retry])).toEqual([
			['second', 8],
			['third', 10],
		]);
	});

	test('the last of two objects with the same name counts', () => {
		const brokers = read(toYaml(brokerObject(), trigger('a', uri), trigger('a', `${uri}/2`)));
		expect(brokers.get('default/shop')?.map(({ subscriber }) => subscriber.shown)).toEqual([`${uri}/2`]);
	});
});

describe('delivery', () => {
	const waits = (yaml: string) => {
		const delivery = read(yaml).get('default/shop')?.[0]?.delivery;
		return { ...delivery, backoff: [0, 1, 2, 3].map((n) => delivery?.backoff(n)) };
	};
	const delivery = { retry: 3, backoffPolicy: 'linear', backoffDelay: 'PT0.5S', deadLetterSink: { uri } };

	test('defaults to ten retries with exponential waits from 0.2 s', () => {
		expect(waits(toYaml(brokerObject(), trigger('a', uri, { delivery: undefined })))).toEqual({
			retry: 10,
			backoff: [200, 400, 800, 1600],
			timeout: undefined,
			deadLetterSink: undefined,
		});
	});

	test("defaults to the Broker's if the Trigger has none", () => {
		expect(waits(toYaml(brokerObject({ delivery }), trigger('a', uri, { delivery: undefined })))).toEqual({
			retry: 3,
			backoff: [0, 500, 1000, 1500],
			timeout: undefined,
			deadLetterSink: expect.objectContaining({ shown: uri }),
		});
	});

	test("of a Trigger replaces the Broker's completely", () => {
		expect(waits(toYaml(brokerObject({ delivery }), trigger('a', uri, { delivery: { timeout: 'PT1S' } })))).toEqual({
			retry: 0,
			backoff: [0, 0, 0, 0],
			timeout: 1000,
			deadLetterSink: undefined,
		});
	});
});

test.each<[string, string, string]>([
	['invalid YAML', 'a: [', 'triggers.yaml: not valid YAML'],
	[
		'a list instead of an object',
		'- 1',
		'triggers.yaml: found [1], expected a Kubernetes object with apiVersion and kind',
	],
	['an object without a kind', 'apiVersion: v1', 'expected a Kubernetes object with apiVersion and kind'],
	['another boolean of YAML 1.1', toYaml(brokerObject(), trigger('on', uri)).replace('"on"', 'on'), 'name: found true'],
	['an unknown anchor', 'a: *b', 'triggers.yaml: not valid YAML: '],
	['text after a separator', '--- a: 1', 'triggers.yaml: not valid YAML: found "a: 1" after ---'],
	['no name', toYaml({ ...brokerObject(), metadata: {} }), 'Broker default/(no name): metadata.name: found nothing'],
	[
		'an unknown broker',
		toYaml(brokerObject(), trigger('a', uri, { broker: 'other' })),
		'Trigger default/a: spec.broker: found "other", expected a Broker in the Trigger\'s namespace; known Brokers: default/shop',
	],
	[
		'no spec',
		toYaml({ ...trigger('a', uri), spec: undefined }),
		'Trigger default/a: spec: found nothing, expected broker',
	],
	[
		'a ref',
		toYaml(trigger('a', uri, { subscriber: { ref: { kind: 'Service', name: 'shelves' } } })),
		'spec.subscriber.ref: found {"kind":"Service","name":"shelves"}, the local broker cannot resolve a ref',
	],
	['no uri', toYaml(trigger('a', uri, { subscriber: {} })), 'spec.subscriber.uri: found nothing, expected an absolute'],
	['a relative uri', toYaml(trigger('a', '/shelves')), 'spec.subscriber.uri: found "/shelves", expected an absolute'],
	[
		'a negative retry',
		toYaml(trigger('a', uri, { delivery: { retry: -1 } })),
		'spec.delivery.retry: found -1, expected 0',
	],
	['an invalid duration', toYaml(trigger('a', uri, { delivery: { backoffDelay: '5s' } })), 'expected an ISO 8601'],
	['a timeout of zero', toYaml(trigger('a', uri, { delivery: { timeout: 'PT0.05S' } })), 'expected at least PT0.1S'],
	[
		'an unknown policy',
		toYaml(trigger('a', uri, { delivery: { backoffPolicy: 'x' } })),
		'expected linear or exponential',
	],
	['retryAfterMax', toYaml(trigger('a', uri, { delivery: { retryAfterMax: 'PT1S' } })), 'alpha feature'],
	['an unknown field', toYaml(trigger('a', uri, { delivery: { retries: 1 } })), 'Unrecognized key: "retries"'],
	[
		'CESQL',
		toYaml(trigger('a', uri, { filters: [{ cesql: 'true' }] })),
		'spec.filters[0].cesql: found "true", the local',
	],
	[
		'nested CESQL',
		toYaml(trigger('a', uri, { filters: [{ not: { any: [{ cesql: 'x' }] } }] })),
		'spec.filters[0].not.any[0].cesql',
	],
	[
		'two dialects in one filter',
		toYaml(trigger('a', uri, { filters: [{ exact: { type: 'a' }, prefix: { type: 'b' } }] })),
		'expected one dialect',
	],
	[
		'an invalid attribute name',
		toYaml(trigger('a', uri, { filter: { attributes: { 'My-Type': 'a' } } })),
		'spec.filter.attributes.My-Type: found "a", expected an attribute name',
	],
])('reports %s with its location', (_, yaml, message) => {
	expect(() => read(yaml)).toThrow(message);
});
