import { Agent } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { Kubectl } from '../k8s/kubectl/kubectl.ts';
import { openCluster } from '../tests/acceptance/setup/cluster.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { newBook } from './orders.ts';
import { timed } from './requests.ts';
import { median, plainRow, type Row, ratioRow } from './row.ts';
import { bare } from './start/cold-start.ts';

const rounds = 8;
const warmRounds = 400;
/** The longest time for a Service to reach zero, in seconds. */
const patience = 300;

/** The compared Services: copies of calc's, one of which runs bare `node:http` in the same image. */
const copies = { function: 'bench-function', bare: 'bench-bare' } as const;

/**
 * Measures cold starts and warm requests of a function on the cluster of the current context, beside bare `node:http`, and
 * chains of functions that are all at zero. Needs a deployed shop. Each round waits until all are at zero.
 */
export async function cluster(): Promise<Row[]> {
	const shop = await openCluster();
	const { reach } = shop;
	const kubectl = new Kubectl(reach.namespace ?? '');
	try {
		const hosts = await copyServices(kubectl, reach);
		const areAtZero = (): Promise<void> => untilZero(kubectl, Object.values(copies));
		const cold = await interleaved(rounds, (name) => timed(reach.url, hosts[name], '/health'), areAtZero);
		const agent = new Agent({ keepAlive: true });
		const warm = await interleaved(warmRounds, (name) => timed(reach.url, hosts[name], '/health', { agent }));
		agent.destroy();
		const part = median(warm.function) - median(warm.bare);
		return [
			ratioRow(
				'cluster: cold start of a function',
				cold.function,
				{ name: 'bare node:http', values: cold.bare },
				{
					unit: 'ms',
					goal: { most: 1.05 },
				},
			),
			plainRow('cluster: the function’s part of a warm request', part, 'ms', { most: 1 }, 2),
			...(await chainsOnCluster(kubectl, reach)),
		];
	} finally {
		await kubectl.cleanUp(['delete', 'ksvc', ...Object.values(copies), '-n', kubectl.namespace, '--ignore-not-found']);
		await shop.close();
	}
}

type Times = Record<keyof typeof copies, number[]>;

/** Measures both Services in turn, the second one first in every other round. @param prepare is awaited before each round */
async function interleaved(
	count: number,
	measure: (name: keyof typeof copies) => Promise<number>,
	prepare = async (): Promise<void> => {},
): Promise<Times> {
	const times: Times = { function: [], bare: [] };
	for (let round = 0; round < count; round += 1) {
		await prepare();
		const order = ['function', 'bare'] as const;
		for (const name of round % 2 ? order.toReversed() : order) times[name].push(await measure(name));
	}
	return times;
}

/** Copies calc's Service twice. The copies reach zero sooner than the original. Returns their hosts. */
async function copyServices(kubectl: Kubectl, { hosts }: Reach): Promise<Record<keyof typeof copies, string>> {
	const text = await kubectl.run(['get', 'ksvc', 'calc', '-n', kubectl.namespace, '-o', 'json']);
	for (const [kind, name] of Object.entries(copies)) {
		const { apiVersion, metadata, spec } = JSON.parse(text);
		spec.template.metadata.annotations['autoscaling.knative.dev/window'] = '6s';
		const [container] = spec.template.spec.containers;
		// The first process of a container ignores SIGTERM unless it handles it. Its Pod would take five minutes to end.
		if (kind === 'bare')
			Object.assign(container, { command: ['node', '-e', `${bare}; process.once('SIGTERM', () => process.exit())`] });
		const copy = { apiVersion, kind: 'Service', metadata: { name, labels: metadata.labels }, spec };
		await kubectl.apply([copy]);
	}
	await kubectl.run([
		'wait',
		'ksvc',
		...Object.values(copies),
		'-n',
		kubectl.namespace,
		'--for=condition=Ready',
		'--timeout=120s',
	]);
	const hostOf = (name: string): string => (hosts['calc'] ?? '').replace(/^calc\b/, name);
	return { function: hostOf(copies.function), bare: hostOf(copies.bare) };
}

async function chainsOnCluster(kubectl: Kubectl, reach: Reach): Promise<Row[]> {
	const book = await newBook(reach);
	const body = JSON.stringify({ customer_name: 'Bench', lines: [{ book_id: book, quantity: 1 }] });
	const alone: number[] = [];
	const gateway: number[] = [];
	const orders: number[] = [];
	const { hosts, url } = reach;
	for (let round = 0; round < 3; round += 1)
		for (const [times, fn, path, sent] of [
			[alone, 'books', '/api/books', {}],
			[gateway, 'gateway', '/api/books', {}],
			[orders, 'gateway', '/api/orders', { body }],
		] as const) {
			await untilZero(kubectl);
			times.push(await timed(url, hosts[fn] ?? '', path, sent));
		}
	const beside = { name: 'one function alone', values: alone };
	return [
		ratioRow('cluster, all at zero: GET /api/books through the gateway', gateway, beside, {
			unit: 'ms',
			goal: { most: 1.3 },
		}),
		ratioRow('cluster, all at zero: an order from POST to completed', orders, beside, {
			unit: 'ms',
			goal: { most: 2 },
		}),
	];
}

/** Waits until Services have no Pods; by default all of the shop. @throws {Error} after five minutes */
async function untilZero(kubectl: Kubectl, names?: readonly string[]): Promise<void> {
	const wanted = names ? `serving.knative.dev/service in (${names.join(',')})` : 'serving.knative.dev/service';
	for (let second = 0; second < patience; second += 1) {
		if (!(await kubectl.list('pods', '-l', wanted)).length) return;
		await after(1_000);
	}
	throw new Error(`after ${patience} s there are still Pods of ${names?.join(' and ') ?? 'functions'}`);
}
