import { readdirSync, readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import type { ITrigger } from '@kubernetes-models/knative/eventing.knative.dev/v1';
import type { IService as IKnativeService } from '@kubernetes-models/knative/serving.knative.dev/v1';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { ICronJob, IJob } from 'kubernetes-models/batch/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { maxConnections } from '../../database/connections.ts';
import { delivery, triggersOf } from '../../eventing/delivery.ts';
import { functions } from '../../functions/index.ts';
import { type Declaration, declare, type Target, targetsOf } from '../../kit/declare/declare.ts';
import { folder, generate } from '../commands/generate.ts';
import { restrictedProfile } from '../kubectl/testing.ts';
import { manifests } from './manifests.ts';
import { functionPolicy } from './policy.ts';
import { reader } from './reader.ts';
import { completeKept, secrets } from './secret.ts';
import { knativeService } from './serving/knative-service.ts';

const place = { namespace: 'shop', image: (name: string) => `dev.local/${name}:1` };
const { foundation, functions: rooms } = manifests(functions, place);
const objects = [...foundation.values(), ...rooms.values()].flat();
const ofKind = <T>(kind: string, group: string): T[] =>
	objects.filter((object) => object.kind === kind && object.apiVersion.startsWith(group)) as T[];
const services = ofKind<IKnativeService>('Service', 'serving.knative.dev');

/** Every pod of the deployment, by the name of what makes it. */
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
	test.each(pods)('%s is of the restricted profile', (_name, spec) => {
		expect(spec.containers.length).toBeGreaterThan(0);
		for (const { securityContext } of spec.containers) expect(securityContext).toEqual(restrictedProfile);
		expect(spec.enableServiceLinks).toBe(false);
	});

	test('only info is given a token of the Kubernetes API', () => {
		expect(pods.filter(([, spec]) => spec.automountServiceAccountToken !== false).map(([name]) => name)).toEqual([
			'info',
		]);
	});

	test('only info is told the version of Knative, if it is known', () => {
		const told = (knative?: string): unknown[] =>
			[...manifests(functions, { namespace: 'shop', image: String, knative }).functions.values()]
				.flat()
				.filter((object) => JSON.stringify(object).includes('KNATIVE_VERSION'))
				.map(({ metadata }) => metadata?.name);
		expect([told('1.23.0'), told()]).toEqual([['info'], []]);
	});

	test('whoever takes large bodies has the memory for it', () => {
		const memory = (bodyLimit: number): unknown => {
			const target = targetsOf(declare({ name: 'cup', purpose: 'Holds.', knows: 'routes', bodyLimit }))[0] as Target;
			const service = knativeService(target, functions, { namespace: 'shop', image: String });
			return service.spec?.template?.spec?.containers?.[0]?.resources?.limits?.['memory'];
		};
		expect([memory(100_000), memory(28_000_000)]).toEqual(['256Mi', '523Mi']);
	});

	test('Knative takes no pod-level security context', () => {
		for (const service of services) expect(service.spec?.template?.spec).not.toHaveProperty('securityContext');
	});

	test('every target has its Knative Service, and only those for HTTP are public', () => {
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
	test('every trigger retries, and ends in the dead letters under its own name', () => {
		const triggers = ofKind<ITrigger>('Trigger', 'eventing.knative.dev');
		expect(triggers.map(({ metadata }) => metadata?.name)).toEqual(triggersOf(functions).map(({ name }) => name));
		for (const { metadata, spec } of triggers)
			expect(spec?.delivery).toEqual({
				...delivery,
				deadLetterSink: {
					ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'event-log-events' },
					uri: `/${metadata?.name}`,
				},
			});
	});

	test('without a keeper of dead letters nothing is generated', () => {
		const none = functions.filter(({ deadLetters }) => !deadLetters);
		expect(() => manifests(none, { namespace: 'shop', image: String })).toThrow(
			'exactly one function must declare deadLetters',
		);
	});
});

describe('network policies', () => {
	/** The blocks of addresses that a function may reach. */
	const blocksOf = (fn: Declaration) =>
		functionPolicy(fn, place).flatMap(({ spec }) =>
			(spec?.egress ?? []).flatMap(({ to, ports }) =>
				(to ?? []).flatMap(({ ipBlock }) => (ipBlock ? [{ ...ipBlock, ports }] : [])),
			),
		);

	test('the internet is reached by whom declares it, on HTTPS’s port, and nothing private with it', () => {
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

	test('nobody else’s policy names addresses', () => {
		const others = functions.filter(({ internet }) => !internet);
		expect(others.flatMap(blocksOf)).toEqual([]);
	});
});

describe('settings', () => {
	test('are as whoever deploys has them in the environment, else their defaults', () => {
		const fn = declare({
			name: 'one',
			purpose: '',
			knows: 'routes',
			settings: { SIZE: { purpose: 'a size', default: 'small', isValid: () => true } },
		});
		const envOf = (env?: NodeJS.ProcessEnv) => {
			const place = { namespace: 'shop', image: String, ...(env ? { env } : {}) };
			const [target] = targetsOf(fn);
			return knativeService(target as Target, [fn], place).spec?.template?.spec?.containers[0]?.env;
		};
		expect(envOf()).toContainEqual({ name: 'SIZE', value: 'small' });
		expect(envOf({ SIZE: 'large' })).toContainEqual({ name: 'SIZE', value: 'large' });
	});
});

describe('traces', () => {
	const withEndpoint = (endpoint: string) =>
		manifests(functions, { namespace: 'shop', image: String, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });

	test('are sent by every function, which may then reach the collector’s namespace', () => {
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

	test('are not, unless it is said where', () => {
		expect(JSON.stringify(objects)).not.toContain('OTEL');
		expect(() => withEndpoint('collector:4318')).toThrow('expected the URL of an OTLP/HTTP collector');
	});
});

describe('the database', () => {
	test('takes the connections of every instance of every target, and some more', () => {
		const one = declare({
			name: 'one',
			purpose: '',
			reacts: ['dev.bodega.order.placed'],
			data: { connections: 3 },
			scale: { max: 7 },
		});
		const two = declare({
			name: 'two',
			purpose: '',
			reacts: ['dev.bodega.order.placed'],
			data: true,
			scale: { max: 2 },
		});
		const without = declare({ name: 'none', purpose: '', knows: 'routes' });
		expect(maxConnections([one, two, without])).toBe(20 + 7 * 3 + 2 * 4);
	});

	test('each function with data has its own URL, and the same password each time', () => {
		const kept = completeKept({ ownerPassword: 'o', adminPassword: 'a' });
		const names = secrets(functions, kept).map(({ metadata }) => metadata?.name);
		const withData = functions.filter(({ data }) => data).map(({ name }) => `${name}-database`);
		expect(names).toEqual(['postgres', 'admin', ...withData]);
		expect(secrets(functions, kept)).toEqual(secrets(functions, kept));
		expect(
			new Set(
				secrets(functions, kept)
					.slice(2)
					.map(({ data }) => data?.['DATABASE_URL']),
			).size,
		).toBe(withData.length);
	});

	test('a secret is in no manifest', () => {
		expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
	});
});

describe('k8s/generated', () => {
	test('is what the declarations say; if not: node k8s/commands/generate.ts', () => {
		const files = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
		expect([...files.keys()].sort()).toEqual([...generate().keys()].sort());
		for (const [file, text] of generate()) expect(files.get(file), file).toBe(text);
	});
});
