import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { selfSigned } from '../../tests/certificate.ts';
import { listen } from '../../tests/testing.ts';
import { kubernetes } from './kubernetes.ts';
import type { Observation, Platform } from './platform.ts';

/** Returns a Pod as the API does, with only the fields used here. */
function pod(
	service: string,
	name: string,
	more: { createdAt?: string; readyAt?: string; deleted?: boolean; ip?: string } = {},
) {
	const { createdAt = '2026-01-02T03:04:05Z', readyAt, deleted, ip } = more;
	const phase = readyAt
		? { status: 'True', lastTransitionTime: readyAt }
		: { status: 'False', lastTransitionTime: createdAt };
	return {
		metadata: {
			name,
			namespace: 'shop',
			creationTimestamp: createdAt,
			...(deleted ? { deletionTimestamp: createdAt, deletionGracePeriodSeconds: 300 } : {}),
			labels: {
				app: `${service}-00001`,
				'app.kubernetes.io/component': 'function',
				'serving.knative.dev/configuration': service,
				'serving.knative.dev/revision': `${service}-00001`,
				'serving.knative.dev/service': service,
			},
		},
		status: {
			phase: 'Running',
			...(ip ? { podIP: ip } : {}),
			conditions: [
				{ type: 'PodReadyToStartContainers', status: 'True', lastProbeTime: null, lastTransitionTime: createdAt },
				{ type: 'Ready', lastProbeTime: null, ...phase },
			],
		},
	};
}

/** The answer to a request for the log of a container that has not started. */
const waiting = 'container "function" in pod is waiting to start: ContainerCreating';
const version = { major: '1', minor: '35', gitVersion: 'v1.35.4', platform: 'linux/amd64' };

interface Cluster {
	readonly platform: Platform;
	/** The responses of the API, by path. */
	readonly answers: Record<string, unknown>;
	readonly asked: IncomingMessage[];
	/** The stats of instances, by address: 127.0.0.1 or localhost. Other addresses do not answer. */
	readonly stats: Map<string, unknown>;
}
const podsPath = '/api/v1/namespaces/shop/pods?labelSelector=serving.knative.dev%2Fservice';

/** Starts an API server and instances of functions; `trusted` is the authority that the Pod trusts. */
async function cluster(trusted?: string): Promise<Cluster> {
	const own = selfSigned();
	const answers: Record<string, unknown> = { '/version': version, [podsPath]: { kind: 'PodList', items: [] } };
	const asked: IncomingMessage[] = [];
	const api = createServer(own, (req, res) => {
		asked.push(req);
		const answer = answers[req.url ?? ''];
		res.writeHead(answer === waiting ? 400 : answer ? 200 : 403, { 'content-type': 'application/json' });
		res.end(
			typeof answer === 'string'
				? answer
				: JSON.stringify(answer ?? { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403 }),
		);
	});
	await once(api.listen(0, 'localhost'), 'listening');
	onTestFinished(() => {
		api.closeAllConnections();
		api.close();
	});
	const account = mkdtempSync(join(tmpdir(), 'bodega-account-'));
	onTestFinished(() => rmSync(account, { recursive: true }));
	for (const [file, text] of Object.entries({ namespace: 'shop', token: 'the-token\n', 'ca.crt': trusted ?? own.cert }))
		writeFileSync(join(account, file), text);
	const stats = new Map<string, unknown>();
	const instance = await listen(
		createHttpServer((req, res) => {
			const told = stats.get(new URL(req.url ?? '', `http://${req.headers.host}`).hostname);
			res.end(req.url === '/stats' && told ? JSON.stringify(told) : 'Not found.');
		}),
	);
	const env = {
		KUBERNETES_SERVICE_HOST: 'localhost',
		KUBERNETES_SERVICE_PORT: String((api.address() as AddressInfo).port),
	};
	return {
		platform: kubernetes(env, { account, functionPort: Number(new URL(instance).port) }),
		answers,
		asked,
		stats,
	};
}

test('a Service is ready, starting or at zero, depending on its Pods that are not terminating', async () => {
	vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-02T03:06:06Z') });
	onTestFinished(() => void vi.useRealTimers());
	const { platform, answers, asked, stats } = await cluster();
	// The kubelet has not probed the first Pod yet, but it is serving.
	// An instance of an older release, which reports no durations.
	stats.set('127.0.0.1', { started_at: '2026-01-02T03:04:05.900Z', requests: 3 });
	// An IPv6 address, which reaches the same server.
	stats.set('[::ffff:7f00:1]', { started_at: '2026-01-02T03:05:06.500Z', requests: 4, errors: 1, durations: [4, 3] });
	answers[podsPath] = {
		kind: 'PodList',
		items: [
			pod('shelves', 'shelves-a', { createdAt: '2026-01-02T03:04:05Z', ip: '127.0.0.1' }),
			pod('shelves', 'shelves-b', {
				createdAt: '2026-01-02T03:05:05Z',
				readyAt: '2026-01-02T03:05:09Z',
				ip: '::ffff:127.0.0.1',
			}),
			pod('shelves', 'shelves-c', { createdAt: '2026-01-02T03:06:05Z' }),
			pod('fines-events', 'fines-events-a', { ip: 'nowhere.invalid' }),
			pod('loans', 'loans-a', { readyAt: '2026-01-02T03:04:06Z', deleted: true, ip: '127.0.0.1' }),
		],
	};
	const none = { at: '2026-01-02T03:06:06.000Z', instances: 0 };
	const counts = (...first: number[]) => [...first, ...Array.from({ length: 14 - first.length }, () => 0)];
	const nothing = { errors: 0, durations: counts() };
	expect(Object.fromEntries(await platform.observe())).toEqual({
		shelves: {
			state: 'ready',
			instances: 2,
			requests: 7,
			errors: 1,
			durations: counts(4, 3),
			cold_starts: [
				{ at: '2026-01-02T03:04:05.900Z', ms: 900 },
				{ at: '2026-01-02T03:05:06.500Z', ms: 1500 },
			],
			history: [
				{ at: '2026-01-02T03:04:05.900Z', instances: 1 },
				{ at: '2026-01-02T03:05:06.500Z', instances: 2 },
			],
		},
		'fines-events': { state: 'starting', instances: 0, requests: 0, ...nothing, cold_starts: [], history: [none] },
		loans: { state: 'zero', instances: 0, requests: 0, ...nothing, cold_starts: [], history: [none] },
	});
	expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([[podsPath, 'Bearer the-token']]);
});

test('remembers the requests and cold starts of a Service after its Pods are gone', async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	onTestFinished(() => void vi.useRealTimers());
	const { platform, answers, stats } = await cluster();
	const list = async (...items: unknown[]): Promise<unknown> => {
		answers[podsPath] = { kind: 'PodList', items };
		vi.setSystemTime(Date.now() + 2000);
		return (await platform.observe()).get('shelves');
	};
	const ip = '127.0.0.1';
	stats.set(ip, { started_at: '2026-01-02T03:04:06Z', requests: 3, errors: 2, durations: [1, 2] });
	await list(pod('shelves', 'shelves-a', { ip }));
	expect(await list()).toMatchObject({
		state: 'zero',
		instances: 0,
		requests: 3,
		errors: 2,
		cold_starts: [{ ms: 1000 }],
	});
	stats.set(ip, { started_at: '2026-01-02T03:04:09Z', requests: 2, errors: 1, durations: [1, 1] });
	const next = await list(pod('shelves', 'shelves-b', { ip }));
	expect(next).toMatchObject({ state: 'ready', instances: 1, requests: 5, cold_starts: [{ ms: 1000 }, { ms: 4000 }] });
	expect([(next as Observation).errors, (next as Observation).durations.slice(0, 3)]).toEqual([3, [2, 3, 0]]);
	expect((next as Observation).history.map(({ instances }) => instances)).toEqual([1, 0, 1]);
	// A Pod that is too busy to answer counts with its last reported requests.
	stats.delete(ip);
	const busy = await list(pod('shelves', 'shelves-b', { readyAt: '2026-01-02T03:04:12Z', ip }));
	expect(busy).toMatchObject({ state: 'ready', instances: 1, requests: 5, cold_starts: [{ ms: 1000 }, { ms: 4000 }] });
});

test.each([
	['does not answer', 'nowhere.invalid', undefined],
	['returns no stats', '127.0.0.1', { up: true }],
])('an instance that %s counts as ready since its Pod became Ready', async (_what, ip, told) => {
	const { platform, answers, stats } = await cluster();
	stats.set(ip, told);
	answers[podsPath] = {
		kind: 'PodList',
		items: [pod('shelves', 'shelves-a', { readyAt: '2026-01-02T03:04:06Z', ip })],
	};
	const seen = (await platform.observe()).get('shelves');
	expect(seen).toMatchObject({ state: 'ready', instances: 1, requests: 0, cold_starts: [{ ms: 1000 }] });
});

test('parallel observations cause one request to the API', async () => {
	const { platform, asked } = await cluster();
	await Promise.all([platform.observe(), platform.observe(), platform.observe()]);
	expect(asked).toHaveLength(1);
});

test('an observation waits for the previous one and uses its state', async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	onTestFinished(() => void vi.useRealTimers());
	const { platform, answers, asked, stats } = await cluster();
	stats.set('127.0.0.1', { started_at: '2026-01-02T03:04:06Z', requests: 3 });
	answers[podsPath] = { kind: 'PodList', items: [pod('shelves', 'shelves-a', { ip: '127.0.0.1' })] };
	const first = platform.observe();
	vi.setSystemTime(Date.now() + 2000);
	const second = platform.observe();
	await first;
	expect(asked).toHaveLength(1);
	expect((await second).get('shelves')).toMatchObject({ requests: 3, cold_starts: [{ ms: 1000 }] });
	expect(asked).toHaveLength(2);
});

test('returns the version of Kubernetes, or null if the API does not answer', async () => {
	const { platform, answers } = await cluster();
	expect(await platform.versions()).toEqual({ kubernetes: 'v1.35.4', knative: null });
	delete answers['/version'];
	expect(await platform.versions()).toEqual({ kubernetes: null, knative: null });
});

test('reads the logs of all Pods of some Services, each line once, and passes over a Pod that has no log yet', async () => {
	const { platform, answers, asked } = await cluster();
	const pods = '/api/v1/namespaces/shop/pods';
	const found = `${pods}?labelSelector=serving.knative.dev%2Fservice%20in%20(shelves%2Cshelves-events)`;
	const logOf = (name: string, range: string): string =>
		`${pods}/${name}/log?container=function&timestamps=true&limitBytes=262144&${range}`;
	const items = [
		pod('shelves', 'shelves-a', { createdAt: '2026-01-02T03:04:05Z' }),
		pod('shelves-events', 'shelves-events-a', { createdAt: '2026-01-02T03:04:06Z' }),
		pod('shelves', 'shelves-b', { createdAt: '2026-01-02T03:04:07Z' }),
	];
	answers[found] = { kind: 'PodList', items };
	answers[logOf('shelves-a', 'tailLines=200')] =
		'2026-01-02T03:04:05.100000000Z {"message":"one"}\n2026-01-02T03:04:05.3Z three is  two\n';
	answers[logOf('shelves-events-a', 'tailLines=200')] = '2026-01-02T03:04:05.200000000Z two\n';
	answers[logOf('shelves-b', 'tailLines=200')] = waiting;
	const read = platform.openLog?.(['shelves', 'shelves-events']);
	expect(await read?.()).toHaveLength(3);
	answers[logOf('shelves-a', 'sinceTime=2026-01-02T03:04:05Z')] =
		'2026-01-02T03:04:05.100000000Z {"message":"one"}\n2026-01-02T03:04:05.300000000Z three is  two\n2026-01-02T03:04:05.31Z four\n';
	answers[logOf('shelves-events-a', 'sinceTime=2026-01-02T03:04:05Z')] = '2026-01-02T03:04:05.200000000Z two\n';
	expect(await read?.()).toEqual([{ service: 'shelves', time: '2026-01-02T03:04:05.310000000Z', text: 'four' }]);
	expect(await read?.()).toEqual([]);
	const again = platform.openLog?.(['shelves', 'shelves-events']);
	expect(await again?.()).toEqual([
		{ service: 'shelves', time: '2026-01-02T03:04:05.100000000Z', text: '{"message":"one"}' },
		{ service: 'shelves-events', time: '2026-01-02T03:04:05.200000000Z', text: 'two' },
		{ service: 'shelves', time: '2026-01-02T03:04:05.300000000Z', text: 'three is  two' },
	]);
	expect(asked.every(({ headers }) => headers.authorization === 'Bearer the-token')).toBe(true);
	delete answers[logOf('shelves-b', 'tailLines=200')];
	await expect(read?.()).rejects.toMatchObject({ status: 503 });
});

test('continues a log after more lines of one second than one read returns', async () => {
	const { platform, answers } = await cluster();
	const pods = '/api/v1/namespaces/shop/pods';
	const logOf = (range: string): string =>
		`${pods}/shelves-a/log?container=function&timestamps=true&limitBytes=262144&${range}`;
	answers[`${pods}?labelSelector=serving.knative.dev%2Fservice%20in%20(shelves)`] = {
		items: [pod('shelves', 'shelves-a')],
	};
	const flood = `2026-01-02T03:04:05.100000000Z ${'x'.repeat(300_000)}\n2026-01-02T03:04:05.2`;
	answers[logOf('tailLines=200')] = flood;
	answers[logOf('sinceTime=2026-01-02T03:04:05Z')] = flood;
	answers[logOf('sinceTime=2026-01-02T03:04:06Z')] = '2026-01-02T03:04:07.000000000Z calm\n';
	const read = platform.openLog?.(['shelves']);
	expect(await read?.()).toHaveLength(1);
	expect(await read?.()).toEqual([]);
	expect(await read?.()).toMatchObject([{ text: 'calm' }]);
});

test('answers 503 when the API denies access or its certificate is not trusted', async () => {
	const refusing = await cluster();
	delete refusing.answers[podsPath];
	await expect(refusing.platform.observe()).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
	const stranger = await cluster(selfSigned().cert);
	await expect(stranger.platform.observe()).rejects.toMatchObject({ status: 503 });
	expect(stranger.asked).toEqual([]);
});
