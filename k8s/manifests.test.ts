import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ITrigger } from '@kubernetes-models/knative/eventing.knative.dev/v1';
import type { IService as IKnativeService } from '@kubernetes-models/knative/serving.knative.dev/v1';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IJob } from 'kubernetes-models/batch/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { delivery, triggersOf } from '../eventing/delivery.ts';
import { functions } from '../functions/index.ts';
import { declare, targetsOf } from '../functions/kit/declare.ts';
import { folder, generate } from './generate.ts';
import { manifests } from './manifests/manifests.ts';
import { maxConnections } from './manifests/postgres.ts';
import { completeKept, secrets } from './manifests/secret.ts';

const { foundation, functions: rooms } = manifests(functions, {
	namespace: 'shop',
	image: (name) => `dev.local/${name}:1`,
});
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
];

describe('pods', () => {
	test.each(pods)('%s is of the restricted profile', (_name, spec) => {
		expect(spec.containers.length).toBeGreaterThan(0);
		for (const { securityContext } of spec.containers)
			expect(securityContext).toEqual({
				runAsNonRoot: true,
				runAsUser: expect.any(Number),
				runAsGroup: expect.any(Number),
				allowPrivilegeEscalation: false,
				readOnlyRootFilesystem: true,
				capabilities: { drop: ['ALL'] },
				seccompProfile: { type: 'RuntimeDefault' },
			});
		expect(spec.enableServiceLinks).toBe(false);
	});

	test('only info is given a token of the Kubernetes API', () => {
		expect(pods.filter(([, spec]) => spec.automountServiceAccountToken !== false).map(([name]) => name)).toEqual([
			'info',
		]);
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
		const kept = completeKept({ ownerPassword: 'o', adminToken: 'a' });
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
	test('is what the declarations say; if not: node k8s/generate.ts', () => {
		const files = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
		expect([...files.keys()].sort()).toEqual([...generate().keys()].sort());
		for (const [file, text] of generate()) expect(files.get(file), file).toBe(text);
	});
});
