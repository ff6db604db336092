import { Agent } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { Kubectl, type LiveObject } from '../k8s/kubectl/kubectl.ts';
import { openCluster } from '../tests/acceptance/setup/cluster.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { newBook } from './orders.ts';
import { timed } from './requests.ts';
import { median, plainRow, type Row, ratioRow } from './row.ts';
import { inChain } from './start/chains.ts';
import { bare } from './start/cold-start.ts';

const rounds = 8;
const warmRounds = 400;
/** The longest time for a Service to reach zero, in seconds. */
const patience = 300;
/** How long the node cleans up after its last Pod, in milliseconds. */
const cleaning = 3_000;

/** The compared Services: copies of calc's, one of which runs bare `node:http` in the same image. */
const copies = { function: 'bench-function', bare: 'bench-bare' } as const;
/** As many more copies of the bare one as Services that the gateway wakes for an order. */
const others = Array.from({ length: inChain - 1 }, (_, n) => `${copies.bare}-${n + 2}`);
const services = [...Object.values(copies), ...others];
/** A schedule that starts nothing while a benchmark runs, but on New Year's Eve. */
const rarely = '0 0 31 12 *';

/**
 * Measures cold starts and warm requests of a function on the cluster of the current context, beside bare `node:http`, and
 * chains of functions that are all at zero. Needs a deployed shop. Each round waits until all are at zero.
 */
export async function cluster(): Promise<Row[]> {
	const shop = await openCluster();
	const { reach } = shop;
	const kubectl = new Kubectl(reach.namespace ?? '');
	// The relay starts every minute, often in the middle of a measurement.
	const sources = await kubectl.list<PingSource>('pingsources.sources.knative.dev');
	try {
		for (const { metadata } of sources) await kubectl.run(reschedule(kubectl, metadata.name, rarely));
		await copyServices(kubectl);
		const health = (copy: string, agent?: Agent): Promise<number> =>
			timed(reach.url, (reach.hosts['calc'] ?? '').replace(/^calc\b/, copy), '/health', { ...(agent && { agent }) });
		const areAtZero = (): Promise<void> => untilZero(kubectl, Object.values(copies));
		const cold = await interleaved(rounds, (name) => health(copies[name]), areAtZero);
		const agent = new Agent({ keepAlive: true });
		const warm = await interleaved(warmRounds, (name) => health(copies[name], agent));
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
			...(await chainsOnCluster(kubectl, reach, health)),
		];
	} finally {
		for (const { metadata, spec } of sources) await kubectl.cleanUp(reschedule(kubectl, metadata.name, spec.schedule));
		await kubectl.cleanUp(['delete', 'ksvc', ...services, '-n', kubectl.namespace, '--ignore-not-found']);
		await shop.close();
	}
}

type PingSource = LiveObject & { readonly spec: { readonly schedule: string } };

const reschedule = ({ namespace }: Kubectl, source: string, schedule: string): string[] => [
	...['patch', 'pingsource', source, '-n', namespace],
	...['--type=merge', '-p', JSON.stringify({ spec: { schedule } })],
];

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

/** Copies calc's Service. The copies reach zero sooner than the original. */
async function copyServices(kubectl: Kubectl): Promise<void> {
	const text = await kubectl.run(['get', 'ksvc', 'calc', '-n', kubectl.namespace, '-o', 'json']);
	for (const name of services) {
		const { apiVersion, metadata, spec } = JSON.parse(text);
		spec.template.metadata.annotations['autoscaling.knative.dev/window'] = '6s';
		const [container] = spec.template.spec.containers;
		// The first process of a container ignores SIGTERM unless it handles it. Its Pod would take five minutes to end.
		if (name !== copies.function)
			Object.assign(container, { command: ['node', '-e', `${bare}; process.once('SIGTERM', () => process.exit())`] });
		const copy = { apiVersion, kind: 'Service', metadata: { name, labels: metadata.labels }, spec };
		await kubectl.apply([copy]);
	}
	const ready = ['--for=condition=Ready', '--timeout=120s'];
	await kubectl.run(['wait', 'ksvc', ...services, '-n', kubectl.namespace, ...ready]);
}

/** @param health starts a copy, and returns the milliseconds until it has answered */
async function chainsOnCluster(
	kubectl: Kubectl,
	reach: Reach,
	health: (copy: string) => Promise<number>,
): Promise<Row[]> {
	const book = await newBook(reach);
	const body = JSON.stringify({ customer_name: 'Bench', lines: [{ book_id: book, quantity: 1 }] });
	const alone: number[] = [];
	const gateway: number[] = [];
	const orders: number[] = [];
	const bareOnes: number[] = [];
	const { hosts, url } = reach;
	for (let round = 0; round < 3; round += 1) {
		for (const [times, fn, path, sent] of [
			[alone, 'books', '/api/books', {}],
			[gateway, 'gateway', '/api/books', {}],
			[orders, 'gateway', '/api/orders', { body }],
		] as const) {
			await untilZero(kubectl);
			times.push(await timed(url, hosts[fn] ?? '', path, sent));
		}
		await untilZero(kubectl);
		bareOnes.push((await health(copies.bare)) + Math.max(...(await Promise.all(others.map((copy) => health(copy))))));
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
		ratioRow(`cluster, all at zero: a bare node:http, then ${others.length} at once`, bareOnes, beside, { unit: 'ms' }),
	];
}

/** Waits until Services have no Pods and the node is quiet; by default all of the shop. @throws {Error} after five minutes */
async function untilZero(kubectl: Kubectl, names?: readonly string[]): Promise<void> {
	const wanted = names ? `serving.knative.dev/service in (${names.join(',')})` : 'serving.knative.dev/service';
	for (let second = 0; second < patience; second += 1) {
		if (!(await kubectl.list('pods', '-l', wanted)).length) return await after(cleaning);
		await after(1_000);
	}
	throw new Error(`after ${patience} s there are still Pods of ${names?.join(' and ') ?? 'functions'}`);
}
