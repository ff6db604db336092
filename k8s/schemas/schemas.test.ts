import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { sampleShop } from '../../tests/library/library.ts';
import type { Deployment } from '../manifests/deployment.ts';
import { manifests } from '../manifests/manifests.ts';
import type { KubernetesObject } from '../manifests/object.ts';
import { domainClaim } from '../manifests/serving/domain.ts';

/** The schema file of each kind (see schemas/fetch.ts). */
const files: Readonly<Record<string, string>> = {
	'serving.knative.dev/v1 Service': 'knative-service',
	'serving.knative.dev/v1beta1 DomainMapping': 'domain-mapping',
	'networking.internal.knative.dev/v1alpha1 ClusterDomainClaim': 'cluster-domain-claim',
	'eventing.knative.dev/v1 Broker': 'broker',
	'eventing.knative.dev/v1 Trigger': 'trigger',
	'eventing.knative.dev/v1beta3 EventType': 'eventtype',
	'sources.knative.dev/v1 PingSource': 'pingsource',
	'cert-manager.io/v1 Certificate': 'certificate',
	'postgresql.cnpg.io/v1 Cluster': 'cnpg-cluster',
};

type Schema = {
	readonly type?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
	readonly additionalProperties?: unknown;
	readonly [extension: string]: unknown;
};

/** Makes a structural schema reject fields it does not name, unless it allows them (Kubernetes: "Field pruning"). */
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

/** Adds the fields that every object has, even if its schema does not name them. */
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
		const text = readFileSync(join(import.meta.dirname, `${file}.json`), 'utf8');
		return [kind, ajv.compile(strict(withImplied(JSON.parse(text) as Schema)))];
	}),
);

function errorsOf(object: KubernetesObject): unknown {
	const validate = validators.get(`${object.apiVersion} ${object.kind}`);
	return validate && !validate(object) ? validate.errors : undefined;
}

const deployment = { namespace: 'shop', image: (name: string) => `dev.local/${name}:1` };
const host = 'shop.example.com';

/** Sets of choices to test, starting with none. */
const chosen: readonly Partial<Deployment>[] = [
	{},
	{ choices: { profile: 'production', host, tls: 'issuer:letsencrypt' }, spreads: true },
	{ choices: { profile: 'team', broker: 'kafka', database: 'cloudnative-pg', host, tls: 'secret:shop' } },
	{
		choices: {
			broker: 'rabbitmq:queues/rabbit',
			database: 'external',
			pooler: 'pgbouncer:6432',
			host,
			ingress: 'nginx',
		},
	},
];
/** The shop's functions, and those of the library, which have an object of each kind. */
const all = [functions, sampleShop].flatMap((shop) =>
	chosen.flatMap((choice) => {
		const { foundation, functions: rooms } = manifests(shop, { ...deployment, ...choice });
		return [...foundation.values(), ...rooms.values()].flat();
	}),
);
const texts = [domainClaim(host, deployment), ...all].map((object) => JSON.stringify(object));
const objects = [...new Set(texts)].map((text) => JSON.parse(text) as KubernetesObject);

describe('the schemas', () => {
	test.each(Object.keys(files))('cover a %s', (kind) => {
		expect(objects.some((object) => `${object.apiVersion} ${object.kind}` === kind)).toBe(true);
	});

	const covered = objects.filter(({ apiVersion, kind }) => validators.has(`${apiVersion} ${kind}`));
	test.each(covered.map((object) => [object.kind, object.metadata?.name, object] as const))(
		'accept %s %s',
		(_kind, _name, object) => {
			expect(errorsOf(object)).toBeUndefined();
		},
	);

	test('reject an unknown field', () => {
		const service = objects.find(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1') as KubernetesObject & {
			spec: object;
		};
		expect(errorsOf({ ...service, spec: { ...service.spec, replicas: 3 } } as KubernetesObject)).toMatchObject([
			{ params: { additionalProperty: 'replicas' } },
		]);
	});
});
