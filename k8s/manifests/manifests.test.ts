import { readdirSync, readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import type { ITrigger } from '@kubernetes-models/knative/eventing.knative.dev/v1';
import type { IService as IKnativeService } from '@kubernetes-models/knative/serving.knative.dev/v1';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { ICronJob, IJob } from 'kubernetes-models/batch/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { maxConnections } from '../../database/connections.ts';
import { delivery, triggersOf } from '../../eventing/delivery.ts';
import { functions } from '../../functions/index.ts';
import { type Declaration, declare, type Target, targetsOf } from '../../kit/declare/declare.ts';
import { sampleShop } from '../../tests/library/library.ts';
import { folder, generate } from '../commands/generate.ts';
import { restrictedProfile } from '../kubectl/testing.ts';
import { manifests } from './manifests.ts';
import type { KubernetesObject } from './object.ts';
import { functionPolicy } from './policy.ts';
import { reader } from './reader.ts';
import { completeSecrets, secrets } from './secret.ts';
import { knativeService } from './serving/knative-service.ts';

const deployment = { namespace: 'shop', image: (name: string) => `dev.local/${name}:1` };
const objectsOf = (shop: readonly Declaration[]): KubernetesObject[] => {
	const { foundation, functions: rooms } = manifests(shop, deployment);
	return [...foundation.values(), ...rooms.values()].flat();
};
const objects = objectsOf(functions);
const ofKind = <T>(kind: string, group: string, among = objects): T[] =>
	among.filter((object) => object.kind === kind && object.apiVersion.startsWith(group)) as T[];
const services = ofKind<IKnativeService>('Service', 'serving.knative.dev');

/** Every Pod of the deployment, by the name of the object that creates it. */
const pods: [
	string,
	Pick<IPodSpec, 'containers' | 'securityContext' | 'automountServiceAccountToken' | 'enableServiceLinks'>,
][] = [
	...services.map((service) => [service.metadata?.name, service.spec?.template?.spec] as never),
	...ofKind<IStatefulSet>('StatefulSet', 'apps').map((set) => [set.metadata?.name, set.spec?.template.spec] as never),
	...ofKind<IJob>('Job', 'batch').map((job) => ['migrate', job.spec?.template.spec] as never),
	...ofKind<ICronJob>('CronJob', 'batch').map((job) => ['backup', job.spec?.jobTemplate.spec?.template.spec] as never),
	['backup-reader', reader('backup-reader').spec as never],
];

describe('pods', () => {
	test.each(pods)('%s has the restricted profile', (_name, spec) => {
		expect(spec.containers.length).toBeGreaterThan(0);
		for (const { securityContext } of spec.containers) expect(securityContext).toEqual(restrictedProfile);
		expect(spec.enableServiceLinks).toBe(false);
	});

	test('only info gets a token of the Kubernetes API', () => {
		expect(pods.filter(([, spec]) => spec.automountServiceAccountToken !== false).map(([name]) => name)).toEqual([
			'info',
		]);
	});

	test('only info gets the version of Knative, if the version is known', () => {
		const told = (knative?: string): unknown[] =>
			[...manifests(functions, { namespace: 'shop', image: String, knative }).functions.values()]
				.flat()
				.filter((object) => JSON.stringify(object).includes('KNATIVE_VERSION'))
				.map(({ metadata }) => metadata?.name);
		expect([told('1.23.0'), told()]).toEqual([['info'], []]);
	});

	test('the memory limit of a function grows with its body limit', () => {
		const memory = (bodyLimit: number): unknown => {
			const target = targetsOf(declare({ name: 'cup', purpose: 'Holds.', role: 'gateway', bodyLimit }))[0] as Target;
			const service = knativeService(target, functions, { namespace: 'shop', image: String });
			return service.spec?.template?.spec?.containers?.[0]?.resources?.limits?.['memory'];
		};
		expect([memory(100_000), memory(28_000_000)]).toEqual(['256Mi', '523Mi']);
	});

	test('no Knative Service has a Pod-level security context, which Knative rejects', () => {
		for (const service of services) expect(service.spec?.template?.spec).not.toHaveProperty('securityContext');
	});

	test('no Knative Service has a volume, for which kubelet would wait at each cold start', () => {
		for (const service of services) expect(service.spec?.template?.spec).not.toHaveProperty('volumes');
	});

	test('every target has a Knative Service, and only those for HTTP are public', () => {
		const visible = services.map(({ metadata }) => [
			metadata?.name,
			metadata?.labels?.['networking.knative.dev/visibility'],
		]);
		const targets = functions.flatMap(targetsOf);
		expect(visible).toEqual(
			targets.map(({ name, signature }) => [name, signature === 'http' ? undefined : 'cluster-local']),
		);
	});
});

describe('events', () => {
	test('every Trigger retries, and then sends the event to the dead letters under its own name', () => {
		const triggers = ofKind<ITrigger>('Trigger', 'eventing.knative.dev', objectsOf(sampleShop));
		expect(triggers.map(({ metadata }) => metadata?.name)).toEqual(triggersOf(sampleShop).map(({ name }) => name));
		for (const { metadata, spec } of triggers)
			expect(spec?.delivery).toEqual({
				...delivery,
				deadLetterSink: {
					ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'event-log-events' },
					uri: `/${metadata?.name}`,
				},
			});
	});

	test('generating fails if no function stores dead letters', () => {
		const none = sampleShop.filter(({ deadLetters }) => !deadLetters);
		expect(() => manifests(none, { namespace: 'shop', image: String })).toThrow(
			'exactly one function must declare deadLetters',
		);
	});
});

describe('network policies', () => {
	/** Returns the address blocks that a function can reach. */
	const blocksOf = (fn: Declaration) =>
		functionPolicy(fn, deployment).flatMap(({ spec }) =>
			(spec?.egress ?? []).flatMap(({ to, ports }) =>
				(to ?? []).flatMap(({ ipBlock }) => (ipBlock ? [{ ...ipBlock, ports }] : [])),
			),
		);

	test('a function that declares internet access can reach public addresses on port 443, and no private ones', () => {
		const [block, ...more] = blocksOf(declare({ name: 'one', purpose: '', internet: true }));
		expect([more, block?.cidr, block?.ports]).toEqual([[], '0.0.0.0/0', [{ port: 443 }]]);
		const reached = new BlockList();
		for (const cidr of block?.except ?? []) {
			const [address = '', prefix] = cidr.split('/');
			reached.addSubnet(address, Number(prefix));
		}
		const inside = ['10.96.0.1', '172.31.255.255', '192.168.49.2', '100.64.0.1', '169.254.169.254', '127.0.0.1'];
		expect(inside.filter((address) => !reached.check(address))).toEqual([]);
		const outside = ['9.255.255.255', '172.32.0.0', '192.169.0.1', '94.130.142.35'];
		expect(outside.filter((address) => reached.check(address))).toEqual([]);
	});

	test('no other function’s policy contains address blocks', () => {
		const others = functions.filter(({ internet }) => !internet);
		expect(others.flatMap(blocksOf)).toEqual([]);
	});
});

describe('settings', () => {
	test('come from the environment of the deploying process, or else are the defaults', () => {
		const fn = declare({
			name: 'one',
			purpose: '',
			role: 'gateway',
			settings: { SIZE: z.string().default('small') },
		});
		const envOf = (env?: NodeJS.ProcessEnv) => {
			const deployment = { namespace: 'shop', image: String, ...(env ? { env } : {}) };
			const [target] = targetsOf(fn);
			return knativeService(target as Target, [fn], deployment).spec?.template?.spec?.containers[0]?.env;
		};
		expect(envOf()).toContainEqual({ name: 'SIZE', value: 'small' });
		expect(envOf({ SIZE: 'large' })).toContainEqual({ name: 'SIZE', value: 'large' });
	});
});

test('on a cluster no entry of X-Forwarded-For counts as a client’s address, unless the operator says how many proxies append', () => {
	const proxies = (env?: NodeJS.ProcessEnv) =>
		[...manifests(functions, { namespace: 'shop', image: String, ...(env ? { env } : {}) }).functions.values()]
			.flat()
			.flatMap((object) => /"TRUSTED_PROXIES","value":"(\w+)"/.exec(JSON.stringify(object))?.[1] ?? []);
	expect(new Set(proxies())).toEqual(new Set(['unknown']));
	expect(new Set(proxies({ TRUSTED_PROXIES: '7' }))).toEqual(new Set(['7']));
});

describe('traces', () => {
	const withEndpoint = (endpoint: string) =>
		manifests(functions, { namespace: 'shop', image: String, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });

	test('are sent by every function if an endpoint is set, and policies allow the collector’s namespace', () => {
		const { foundation: base, functions: all } = withEndpoint('http://collector.observability:4318');
		const sending = [...all.values()].flat().filter((object) => JSON.stringify(object).includes('OTEL_EXPORTER'));
		expect(sending.length).toBe(functions.flatMap(targetsOf).length);
		expect(base.get('namespace')?.find(({ metadata }) => metadata?.name === 'tracing')).toMatchObject({
			spec: {
				egress: [
					{
						to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } }],
						ports: [{ port: 4318 }],
					},
				],
			},
		});
	});

	test('are not sent without an endpoint, and an endpoint without a scheme is rejected', () => {
		expect(JSON.stringify(objects)).not.toContain('OTEL');
		expect(() => withEndpoint('collector:4318')).toThrow('expected the URL of an OTLP/HTTP collector');
	});
});

describe('the database', () => {
	test('accepts the connections of all instances of all targets, and 20 more', () => {
		const one = declare({
			name: 'one',
			purpose: '',
			reacts: ['loan.requested'],
			data: { connections: 3 },
			scale: { max: 7 },
		});
		const two = declare({
			name: 'two',
			purpose: '',
			reacts: ['loan.requested'],
			data: true,
			scale: { max: 2 },
		});
		const without = declare({ name: 'none', purpose: '', role: 'gateway' });
		expect(maxConnections([one, two, without])).toBe(20 + 7 * 3 + 2 * 4);
	});

	test('gives each function with data its own URL, which is the same at every deployment', () => {
		const stored = completeSecrets({ ownerPassword: 'o', adminPassword: 'a' });
		const names = secrets(functions, stored).map(({ metadata }) => metadata?.name);
		const withData = functions.filter(({ data }) => data).map(({ name }) => `${name}-database`);
		expect(names).toEqual(['postgres', 'admin', ...withData, 'retention-database']);
		expect(secrets(functions, stored)).toEqual(secrets(functions, stored));
		expect(
			new Set(
				secrets(functions, stored)
					.slice(2)
					.map(({ data }) => data?.['DATABASE_URL']),
			).size,
		).toBe(withData.length + 1);
	});

	test('has no Secret in any manifest', () => {
		expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
	});
});

describe('k8s/generated', () => {
	test('is up to date with the declarations; if not, run: node k8s/commands/generate.ts', () => {
		const files = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
		expect([...files.keys()].sort()).toEqual([...generate().keys()].sort());
		for (const [file, text] of generate()) expect(files.get(file), file).toBe(text);
	});
});
