import { describe, expect, test } from 'vitest';
import { brokerObject, toYaml, trigger } from '../testing.ts';
import { brokersOf } from './manifest.ts';
import { parseObjects } from './objects.ts';

const read = (yaml: string) => brokersOf(parseObjects('triggers.yaml', yaml));
const uri = 'http://localhost:8080/books-events';

describe('manifests', () => {
	test('are read from several documents and Lists, and others are passed over', () => {
		const list = { apiVersion: 'v1', kind: 'List', items: [trigger('a', uri), trigger('b', uri)] };
		const other = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: {} };
		const elsewhere = { ...brokerObject(), metadata: { name: 'shop', namespace: 'elsewhere' } };
		const brokers = read(toYaml(list, other, elsewhere, brokerObject({ config: { kind: 'ConfigMap' } })));
		expect([...brokers.keys()]).toEqual(['elsewhere/shop', 'default/shop']);
		expect(brokers.get('default/shop')?.map(({ name }) => name)).toEqual(['a', 'b']);
	});

	test('an object that comes twice counts as it came last', () => {
		const brokers = read(toYaml(brokerObject(), trigger('a', uri), trigger('a', `${uri}/2`)));
		expect(brokers.get('default/shop')?.map(({ subscriber }) => subscriber)).toEqual([`${uri}/2`]);
	});
});

describe('delivery', () => {
	const waits = (yaml: string) => {
		const delivery = read(yaml).get('default/shop')?.[0]?.delivery;
		return { ...delivery, backoff: [0, 1, 2, 3].map((n) => delivery?.backoff(n)) };
	};
	const delivery = { retry: 3, backoffPolicy: 'linear', backoffDelay: 'PT0.5S', deadLetterSink: { uri } };

	test('without any block is ten retries, exponential from 0.2 s', () => {
		expect(waits(toYaml(brokerObject(), trigger('a', uri, { delivery: undefined })))).toEqual({
			retry: 10,
			backoff: [200, 400, 800, 1600],
			timeout: undefined,
			deadLetterSink: undefined,
		});
	});

	test("is the Broker's if the Trigger has none", () => {
		expect(waits(toYaml(brokerObject({ delivery }), trigger('a', uri, { delivery: undefined })))).toEqual({
			retry: 3,
			backoff: [0, 500, 1000, 1500],
			timeout: undefined,
			deadLetterSink: uri,
		});
	});

	test("of a Trigger replaces the Broker's as a whole", () => {
		expect(waits(toYaml(brokerObject({ delivery }), trigger('a', uri, { delivery: { timeout: 'PT1S' } })))).toEqual({
			retry: 0,
			backoff: [0, 0, 0, 0],
			timeout: 1000,
			deadLetterSink: undefined,
		});
	});
});

test.each<[string, string, string]>([
	['no YAML', 'a: [', 'triggers.yaml: no YAML'],
	['no object', '- 1', 'triggers.yaml: found [1], wanted a Kubernetes object with a kind'],
	['no name', toYaml({ ...brokerObject(), metadata: {} }), 'Broker default/(no name): metadata.name: found nothing'],
	[
		'an unknown broker',
		toYaml(brokerObject(), trigger('a', uri, { broker: 'other' })),
		'Trigger default/a: spec.broker: found "other", wanted a Broker of the Trigger\'s namespace; there are default/shop',
	],
	[
		'no spec',
		toYaml({ ...trigger('a', uri), spec: undefined }),
		'Trigger default/a: spec: found nothing, wanted broker',
	],
	[
		'a ref',
		toYaml(trigger('a', uri, { subscriber: { ref: { kind: 'Service', name: 'books' } } })),
		'spec.subscriber.ref: found {"kind":"Service","name":"books"}, the local broker has no cluster',
	],
	['no uri', toYaml(trigger('a', uri, { subscriber: {} })), 'spec.subscriber.uri: found nothing, wanted an absolute'],
	['a relative uri', toYaml(trigger('a', '/books')), 'spec.subscriber.uri: found "/books", wanted an absolute'],
	[
		'a negative retry',
		toYaml(trigger('a', uri, { delivery: { retry: -1 } })),
		'spec.delivery.retry: found -1, wanted 0',
	],
	['a duration that is none', toYaml(trigger('a', uri, { delivery: { backoffDelay: '5s' } })), 'wanted an ISO 8601'],
	['no time-out at all', toYaml(trigger('a', uri, { delivery: { timeout: 'PT0.05S' } })), 'wanted at least PT0.1S'],
	[
		'a policy unheard of',
		toYaml(trigger('a', uri, { delivery: { backoffPolicy: 'x' } })),
		'wanted linear or exponential',
	],
	['retryAfterMax', toYaml(trigger('a', uri, { delivery: { retryAfterMax: 'PT1S' } })), 'alpha feature'],
	['a field that is not there', toYaml(trigger('a', uri, { delivery: { retries: 1 } })), 'Unrecognized key: "retries"'],
	[
		'CESQL',
		toYaml(trigger('a', uri, { filters: [{ cesql: 'true' }] })),
		'spec.filters[0].cesql: found "true", the local',
	],
	[
		'CESQL further in',
		toYaml(trigger('a', uri, { filters: [{ not: { any: [{ cesql: 'x' }] } }] })),
		'spec.filters[0].not.any[0].cesql',
	],
	[
		'two dialects in one',
		toYaml(trigger('a', uri, { filters: [{ exact: { type: 'a' }, prefix: { type: 'b' } }] })),
		'wanted one dialect',
	],
	[
		'an attribute name that cannot be',
		toYaml(trigger('a', uri, { filter: { attributes: { 'My-Type': 'a' } } })),
		'spec.filter.attributes.My-Type: found "a", wanted an attribute name',
	],
])('%s is told with its place', (_, yaml, message) => {
	expect(() => read(yaml)).toThrow(message);
});
