import type { IBroker } from '@kubernetes-models/knative/eventing.knative.dev/v1';
import type { IDomainMapping } from '@kubernetes-models/knative/serving.knative.dev/v1beta1';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IIngress, INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { contract } from '../../kit/declare/contract.ts';
import { declare, targetsOf } from '../../kit/declare/declare.ts';
import { sampleShop } from '../../tests/library/library.ts';
import { annotationsOf, type Choices, choicesIn, defaults } from '../manifests/choices.ts';
import type { Deployment } from '../manifests/deployment.ts';
import { manifests } from '../manifests/manifests.ts';
import type { KubernetesObject } from '../manifests/object.ts';
import { archiveReader } from '../manifests/reader.ts';
import { completeSecrets, fingerprint, secrets } from '../manifests/secret.ts';
import { alwaysOn, type ProfileName, profiles } from '../manifests/serving/profile.ts';
import { choose } from './stored-choices.ts';

const scans = declare({
	name: 'scans',
	purpose: 'Takes pages.',
	api: contract('/api/scans', {}),
	bodyLimit: 27_000_000,
});
/** A shop with functions of each tier, and one with a body limit above the default. */
const functions = [...sampleShop, scans];

/** Generates a deployment. Returns its objects' titles, and a function that finds an object by title. */
function manifestsOf(choices: Partial<Choices>, more: Partial<Deployment> = {}) {
	const deployment = { namespace: 'shop', image: String, choices, ...more };
	const { foundation, functions: rooms } = manifests(functions, deployment);
	const all: KubernetesObject[] = [...foundation.values(), ...rooms.values()].flat();
	const titles = all.map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
	return { titles, find: <T>(title: string): T => all[titles.indexOf(title)] as T };
}

/** Returns a fake client whose namespace has these annotations. */
const namespace = (annotations?: Record<string, string>) =>
	({ namespace: 'shop', read: async () => [{ metadata: { annotations } }] }) as never;

describe('the choices', () => {
	test('are stored as annotations of the namespace, except the defaults', () => {
		const choices: Choices = {
			...defaults,
			profile: 'team',
			broker: 'rabbitmq:queues/rabbit',
			host: 'shop.example.com',
		};
		expect(annotationsOf(choices)).toEqual({
			'bodega.dev/profile': 'team',
			'bodega.dev/broker': 'rabbitmq:queues/rabbit',
			'bodega.dev/host': 'shop.example.com',
		});
		expect({ ...defaults, ...choicesIn(annotationsOf(choices)) }).toEqual(choices);
	});

	test('of the last deployment apply until they are overridden, and are reported', async () => {
		const before = {
			'bodega.dev/profile': 'team',
			'bodega.dev/host': 'shop.example.com',
			'bodega.dev/tls': 'secret:shop',
		};
		expect(await choose(namespace(before), { profile: 'production', tls: 'none' })).toEqual({
			choices: { host: 'shop.example.com', profile: 'production' },
			before: { profile: 'team', host: 'shop.example.com', tls: 'secret:shop' },
			remembered: ['--host shop.example.com'],
		});
	});

	test.each([
		[{ profile: 'huge' }, '--profile huge'],
		[{ broker: 'rabbitmq' }, 'NAMESPACE/NAME'],
		[{ database: 'none' }, '--database none'],
		[{ host: 'Shop' }, 'none to undo it'],
		[{ ingress: 'nginx' }, '--host shop.example.com'],
		[{ tls: 'issuer:letsencrypt' }, '--host shop.example.com'],
		[{ pooler: 'pgbouncer', database: 'external' }, 'HOST:PORT'],
		[{ pooler: 'pgbouncer:6432' }, '--database external'],
		[{ archive: 's3://Bucket' }, 'claim, or s3://BUCKET/PREFIX, or none to undo it'],
	])('are rejected when they are invalid: %j', async (options, told) => {
		await expect(choose(namespace(), options)).rejects.toThrow(told);
	});
});

describe('a profile', () => {
	const alwaysOnOf = (name: ProfileName): Record<string, number> =>
		Object.fromEntries(
			functions
				.flatMap(targetsOf)
				.map((target) => [target.name, alwaysOn(target, profiles[name])] as const)
				.filter(([, instances]) => instances > 0),
		);

	test('keeps running the Services that customers, orders and dead letters wait for', () => {
		expect(alwaysOnOf('laptop')).toEqual({});
		expect(alwaysOnOf('team')).toEqual({ gateway: 1, shelves: 1, loans: 1, users: 1 });
		expect(alwaysOnOf('production')).toEqual({
			...{ gateway: 2, shelves: 2, loans: 2, users: 2, 'shelves-events': 2, 'fines-events': 2, 'loans-events': 2 },
			'event-log-events': 1,
		});
	});

	test('for production has disruption budgets for the database and each Service that always runs several instances', () => {
		const { titles, find } = manifestsOf({ profile: 'production' });
		const guarded = titles
			.filter((title) => title.startsWith('PodDisruptionBudget'))
			.map((title) => title.split(' ')[1]);
		const several = Object.entries(alwaysOnOf('production')).filter(([, instances]) => instances > 1);
		expect(guarded.sort()).toEqual(['postgres', ...several.map(([name]) => name)].sort());
		expect(find<IPodDisruptionBudget>('PodDisruptionBudget postgres').spec?.maxUnavailable).toBe(0);
		expect(manifestsOf({}).titles.filter((title) => title.startsWith('PodDisruptionBudget'))).toEqual([]);
	});

	test('spreads instances over nodes only if Knative accepts spread constraints', () => {
		const text = (spreads: boolean): string =>
			JSON.stringify(manifestsOf({ profile: 'production' }, { spreads }).find('Service gateway'));
		expect([text(true), text(false)].map((each) => each.includes('topologySpreadConstraints'))).toEqual([true, false]);
	});

	test('does not change the size of an existing volume claim', () => {
		const { find } = manifestsOf({ profile: 'production' }, { storage: { data: '3Gi' } });
		const set = find<IStatefulSet>('StatefulSet postgres');
		expect(set.spec?.volumeClaimTemplates?.[0]?.spec?.resources?.requests?.['storage']).toBe('3Gi');
	});
});

describe('a Broker', () => {
	const ofPublisher = (choices: Partial<Choices>): unknown => {
		const policy = manifestsOf(choices).find<INetworkPolicy>('NetworkPolicy fines');
		return policy.spec?.egress?.find(({ ports }) => ports?.[0]?.port === 8080)?.to;
	};

	test('on Kafka has the class Kafka, and functions publish to its receiver', () => {
		const { metadata, spec } = manifestsOf({ broker: 'kafka' }).find<IBroker>('Broker default');
		expect(metadata?.annotations).toEqual({ 'eventing.knative.dev/broker.class': 'Kafka' });
		expect(spec?.config).toMatchObject({
			kind: 'ConfigMap',
			name: 'kafka-broker-config',
			namespace: 'knative-eventing',
		});
		expect(JSON.stringify(ofPublisher({ broker: 'kafka' }))).toContain('kafka-broker-receiver');
	});

	test('on RabbitMQ runs its Pods in the shop’s namespace, with policies that allow them and their queues', () => {
		const choices = { broker: 'rabbitmq:queues/rabbit' } as const;
		const { titles, find } = manifestsOf(choices);
		expect(titles).toContain('RabbitmqBrokerConfig default');
		expect(ofPublisher(choices)).toEqual([
			{ podSelector: { matchLabels: { 'eventing.knative.dev/brokerRole': 'ingress' } } },
		]);
		expect(JSON.stringify(find<INetworkPolicy>('NetworkPolicy broker').spec?.egress)).toContain('"queues"');
		expect(find<KubernetesObject>('Namespace shop').metadata?.labels).toMatchObject({
			'pod-security.kubernetes.io/enforce': 'baseline',
		});
	});
});

describe('a database', () => {
	test('outside the cluster has its URL in the Secrets, and no Postgres is deployed', () => {
		const { titles, find } = manifestsOf({ database: 'external' }, { databasePort: 6432 });
		const absent = ['StatefulSet postgres', 'Service postgres', 'NetworkPolicy postgres', 'CronJob backup'];
		expect(titles.filter((title) => absent.includes(title))).toEqual([]);
		expect(find<INetworkPolicy>('NetworkPolicy shelves').spec?.egress).toContainEqual({ ports: [{ port: 6432 }] });
		const stored = completeSecrets({ externalUrl: 'postgresql://o:p@db.example.com:6432/shop' });
		const urls = secrets(functions, stored, { database: 'external' }).flatMap(
			({ data }) => data?.['DATABASE_URL'] ?? [],
		);
		const hosts = urls.map((url) => new URL(Buffer.from(url, 'base64').toString()).host);
		expect(new Set(hosts)).toEqual(new Set(['db.example.com:6432']));
	});

	test('behind a pooler is reached through it by functions only, which listen past it', () => {
		const choices = { database: 'external', pooler: 'pgbouncer.example.com:6432' } as const;
		const stored = completeSecrets({ externalUrl: 'postgresql://o:p@db.example.com/shop?sslmode=require' });
		const hosts = Object.fromEntries(
			secrets(functions, stored, choices, true).map(({ metadata, data = {} }) => [
				metadata?.name,
				Object.entries(data)
					.filter(([name]) => name.endsWith('URL'))
					.map(([name, url]) => `${name} ${new URL(Buffer.from(url, 'base64').toString()).host}`),
			]),
		);
		const [direct, through] = ['db.example.com', choices.pooler];
		expect(hosts).toMatchObject({
			postgres: [`DATABASE_URL ${direct}`],
			'metrics-database': [`DATABASE_URL ${direct}`],
			'shelves-database': [`DATABASE_URL ${through}`, `DATABASE_DIRECT_URL ${direct}`],
		});
		const { find } = manifestsOf(choices, { databasePort: 5432 });
		const portsOf = (name: string) =>
			find<INetworkPolicy>(`NetworkPolicy ${name}`).spec?.egress?.flatMap(({ ports }) =>
				ports?.map(({ port }) => port),
			);
		expect(portsOf('shelves')).toEqual(expect.arrayContaining([5432, 6432]));
		expect(portsOf('migrate')).not.toContain(6432);
		expect(JSON.stringify(find<KubernetesObject>('Service shelves'))).toContain('DATABASE_DIRECT_URL');
		expect(fingerprint(stored, choices)).not.toBe(fingerprint(stored));
	});

	test('run by CloudNativePG is reached at its primary, and its owner can create roles', () => {
		const choices = { database: 'cloudnative-pg', profile: 'production' } as const;
		const cluster = manifestsOf(choices).find<{ spec: { instances: number; bootstrap: unknown } }>('Cluster postgres');
		expect(cluster.spec.instances).toBe(3);
		expect(JSON.stringify(cluster.spec.bootstrap)).toContain('createrole');
		const made = secrets(functions, completeSecrets({ ownerPassword: 'o', adminPassword: 'a' }), choices);
		const url = Buffer.from(made[0]?.data?.['DATABASE_URL'] ?? '', 'base64').toString();
		expect(new URL(url).hostname).toBe('postgres-rw');
		expect(made.find(({ metadata }) => metadata?.name === 'postgres-owner')?.type).toBe('kubernetes.io/basic-auth');
	});
});

describe('an archive', () => {
	const specOf = (choices: Partial<Choices>, more: Partial<Deployment> = {}) => {
		const { titles, find } = manifestsOf(choices, more);
		const job = find<ICronJob>('CronJob retention').spec?.jobTemplate.spec?.template.spec;
		return { titles, find, job, container: job?.containers[0] };
	};

	test('is off by default, and then nothing of it is deployed', () => {
		const { titles, container } = specOf({});
		expect(titles.filter((title) => title.endsWith(' archive'))).toEqual([]);
		expect(JSON.stringify(container)).not.toMatch(/ARCHIVE|AWS/);
	});

	test('in a claim is mounted by the job, which writes as the user of our images', () => {
		const { find, job, container } = specOf({ archive: 'claim', profile: 'team' });
		const claim = find<IPersistentVolumeClaim>('PersistentVolumeClaim archive');
		expect(claim.spec?.resources?.requests?.['storage']).toBe('10Gi');
		expect(container?.env).toContainEqual({ name: 'ARCHIVE', value: '/archive' });
		expect(container?.volumeMounts).toContainEqual({ name: 'archive', mountPath: '/archive' });
		expect(job?.volumes).toContainEqual({ name: 'archive', persistentVolumeClaim: { claimName: 'archive' } });
		expect([job?.securityContext?.fsGroup, container?.securityContext?.runAsUser]).toEqual([1000, 1000]);
		const reader = archiveReader('reader', 'image').spec;
		expect([reader?.affinity, reader?.securityContext]).toEqual([job?.affinity, job?.securityContext]);
		expect(reader?.containers[0]?.volumeMounts).toEqual([{ name: 'archive', mountPath: '/archive', readOnly: true }]);
	});

	test('in a bucket is reached by the job alone, which alone has its key', () => {
		const archiveUrl = 'https://s3.example.com:9443/';
		const { titles, find, container } = specOf({ archive: 's3://shop-events/a' }, { archiveUrl });
		expect(titles).not.toContain('PersistentVolumeClaim archive');
		expect(find<INetworkPolicy>('NetworkPolicy archive').spec).toMatchObject({
			podSelector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['retention'] }] },
			egress: [{ ports: [{ port: 9443 }] }],
		});
		const secret = 'AWS_SECRET_ACCESS_KEY';
		expect(container?.env).toContainEqual({
			name: secret,
			valueFrom: { secretKeyRef: { name: 'archive', key: secret } },
		});
		const others = titles.filter((title) => !/ (archive|retention)$/.test(title)).map((title) => find(title));
		expect(JSON.stringify(others)).not.toMatch(/"archive"|9443/);
		const key = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'x' };
		const stored = completeSecrets({ archive: { ...key, AWS_ENDPOINT_URL: archiveUrl } });
		const made = secrets(functions, stored).find(({ metadata }) => metadata?.name === 'archive');
		expect(Buffer.from(made?.data?.['AWS_ENDPOINT_URL'] ?? '', 'base64').toString()).toBe(archiveUrl);
		expect(secrets(functions, completeSecrets({})).some(({ metadata }) => metadata?.name === 'archive')).toBe(false);
	});
});

describe('a host', () => {
	const host = 'shop.example.com';

	test('is mapped to the gateway, with the certificate from the given Secret or issuer', () => {
		const tlsOf = (choices: Partial<Choices>): unknown =>
			manifestsOf({ host, ...choices }).find<IDomainMapping>(`DomainMapping ${host}`).spec?.tls;
		expect([tlsOf({}), tlsOf({ tls: 'secret:shop' }), tlsOf({ tls: 'issuer:letsencrypt' })]).toEqual([
			undefined,
			{ secretName: 'shop' },
			{ secretName: `${host}-tls` },
		]);
		expect(manifestsOf({ host, tls: 'issuer:letsencrypt' }).titles).toContain(`Certificate ${host}`);
	});

	test('behind nginx has its TLS terminated by nginx, which allows the largest body of any function', () => {
		const { titles, find } = manifestsOf({ host, ingress: 'nginx', tls: 'issuer:letsencrypt' });
		const { metadata, spec } = find<IIngress>('Ingress ingress');
		expect(find<IDomainMapping>(`DomainMapping ${host}`).spec?.tls).toBeUndefined();
		expect(spec?.tls).toEqual([{ hosts: [host], secretName: `${host}-tls` }]);
		expect(metadata?.annotations).toMatchObject({ 'cert-manager.io/cluster-issuer': 'letsencrypt' });
		expect(titles).not.toContain(`Certificate ${host}`);
		const largest = Number.parseInt(metadata?.annotations?.['nginx.ingress.kubernetes.io/proxy-body-size'] ?? '', 10);
		for (const { bodyLimit } of functions) expect(bodyLimit).toBeLessThanOrEqual(largest * 2 ** 20);
	});
});
