import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { functions } from '../functions/index.ts';
import { manifests } from './manifests/manifests.ts';
import type { KubernetesObject } from './manifests/object.ts';

/** Knative's own schemas, as its cluster tells them (see schemas/fetch.ts). */
const files: Readonly<Record<string, string>> = {
	'serving.knative.dev/v1 Service': 'knative-service',
	'eventing.knative.dev/v1 Broker': 'broker',
	'eventing.knative.dev/v1 Trigger': 'trigger',
	'eventing.knative.dev/v1beta3 EventType': 'eventtype',
	'sources.knative.dev/v1 PingSource': 'pingsource',
};

type Schema = {
	readonly type?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
	readonly additionalProperties?: unknown;
	readonly [extension: string]: unknown;
};

/** A structural schema refuses the fields it does not name, unless it says otherwise (Kubernetes: "Field pruning"). */
function strict(schema: Schema, name = ''): Schema {
	const { 'x-kubernetes-int-or-string': either, ...rest } = schema;
	if (either) return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
	const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties || name === 'metadata';
	return {
		...Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes-') && key !== 'format')),
		...(schema.items ? { items: strict(schema.items) } : {}),
		...(schema.properties
			? {
					properties: Object.fromEntries(
						Object.entries(schema.properties).map(([key, inner]) => [key, strict(inner, key)]),
					),
				}
			: {}),
		...(schema.properties && !open ? { additionalProperties: false } : {}),
	};
}

/** Every object has these, whether its definition says so or not. */
const withImplied = (schema: Schema): Schema => ({
	...schema,
	properties: {
		...schema.properties,
		apiVersion: { type: 'string' },
		kind: { type: 'string' },
		metadata: { type: 'object' },
	},
});

const ajv = new Ajv({ strict: false, allErrors: true });
const validators = new Map(
	Object.entries(files).map(([kind, file]) => {
		const text = readFileSync(join(import.meta.dirname, 'schemas', `${file}.json`), 'utf8');
		return [kind, ajv.compile(strict(withImplied(JSON.parse(text) as Schema)))];
	}),
);

function errorsOf(object: KubernetesObject): unknown {
	const validate = validators.get(`${object.apiVersion} ${object.kind}`);
	return validate && !validate(object) ? validate.errors : undefined;
}

const { foundation, functions: rooms } = manifests(functions, {
	namespace: 'shop',
	image: (name) => `dev.local/${name}:1`,
});
const objects = [...foundation.values(), ...rooms.values()].flat();

describe('Knative’s schemas', () => {
	test.each(Object.keys(files))('there is a %s', (kind) => {
		expect(objects.some((object) => `${object.apiVersion} ${object.kind}` === kind)).toBe(true);
	});

	test.each(objects.map((object) => [object.kind, object.metadata?.name, object] as const))(
		'%s %s',
		(_kind, _name, object) => {
			expect(errorsOf(object)).toBeUndefined();
		},
	);

	test('an unknown field is refused', () => {
		const service = objects.find(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1') as KubernetesObject & {
			spec: object;
		};
		expect(errorsOf({ ...service, spec: { ...service.spec, replicas: 3 } } as KubernetesObject)).toMatchObject([
			{ params: { additionalProperty: 'replicas' } },
		]);
	});
});
