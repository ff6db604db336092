import { readFileSync } from 'node:fs';
import { Problem } from '../kit/problem.ts';
import type { Stats } from '../kit/server.ts';
import type { Observation, Observe } from './observation.ts';

interface Pod {
	readonly metadata: {
		readonly name: string;
		readonly creationTimestamp: string;
		readonly deletionTimestamp?: string;
		readonly labels: Readonly<Record<string, string>>;
	};
	readonly status: {
		readonly podIP?: string;
		readonly conditions?: readonly {
			readonly type: string;
			readonly status: string;
			readonly lastTransitionTime: string;
		}[];
	};
}

/** Where every pod finds its account (Kubernetes: "Accessing the API from a Pod"). */
const account = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The port of the function itself: asking it past its queue-proxy is no request that would keep it from scaling to zero. */
const functionPort = 8080;

/** On a cluster the Kubernetes API knows; this function alone has a Role to read the namespace's pods. */
export function kubernetes(env: NodeJS.ProcessEnv): Observe {
	/** Requests by pod, the last that each told, so that the sum does not fall when one goes; and the last cold starts. */
	const requests = new Map<string, Map<string, number>>();
	const coldStarts = new Map<string, number>();
	let latest: { readonly at: number; readonly seen: Promise<ReadonlyMap<string, Observation>> } | undefined;

	const look = async (): Promise<ReadonlyMap<string, Observation>> => {
		const pods = await listPods(env);
		const services = Map.groupBy(pods, (pod) => pod.metadata.labels['serving.knative.dev/service'] ?? '');
		for (const name of requests.keys()) if (!services.has(name)) services.set(name, []);
		const seen = await Promise.all(
			[...services].map(async ([name, all]) => {
				const own = requests.get(name) ?? new Map<string, number>();
				requests.set(name, own);
				const alive = all.filter((pod) => !pod.metadata.deletionTimestamp);
				const ready = alive.filter((pod) => readySince(pod) !== undefined);
				await Promise.all(
					ready.map(async (pod) =>
						own.set(pod.metadata.name, (await statsOf(pod))?.requests ?? own.get(pod.metadata.name) ?? 0),
					),
				);
				const newest = ready
					.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))
					.at(-1);
				if (newest)
					coldStarts.set(
						name,
						Math.max(0, (readySince(newest) as number) - Date.parse(newest.metadata.creationTimestamp)),
					);
				return [
					name,
					{
						state: ready.length ? 'ready' : alive.length ? 'starting' : 'zero',
						instances: ready.length,
						requests: [...own.values()].reduce((sum, count) => sum + count, 0),
						cold_start_ms: coldStarts.get(name) ?? null,
					},
				] as const;
			}),
		);
		return new Map<string, Observation>(seen);
	};

	// Many pages may ask at once; the API server is asked once a second at most.
	return () => {
		if (!latest || Date.now() - latest.at > 1000) latest = { at: Date.now(), seen: look() };
		return latest.seen;
	};
}

const readySince = (pod: Pod): number | undefined => {
	const ready = pod.status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
	return ready && Date.parse(ready.lastTransitionTime);
};

async function statsOf(pod: Pod): Promise<Stats | undefined> {
	try {
		const answer = await fetch(`http://${pod.status.podIP}:${functionPort}/stats`, {
			signal: AbortSignal.timeout(500),
		});
		return (await answer.json()) as Stats;
	} catch {
		return undefined; // It may have gone since the list was made.
	}
}

/** @throws {Problem} 503 when the Kubernetes API does not answer, or does not let this function read. */
async function listPods(env: NodeJS.ProcessEnv): Promise<Pod[]> {
	try {
		// Loaded here, where it is needed: TLS would cost each cold start, on the laptop too.
		const { request } = await import('node:https');
		const namespace = readFileSync(`${account}/namespace`, 'utf8');
		const text = await new Promise<string>((resolve, reject) => {
			const asked = request(
				{
					host: env['KUBERNETES_SERVICE_HOST'],
					port: env['KUBERNETES_SERVICE_PORT'],
					path: `/api/v1/namespaces/${namespace}/pods?labelSelector=serving.knative.dev%2Fservice`,
					ca: readFileSync(`${account}/ca.crt`),
					headers: { authorization: `Bearer ${readFileSync(`${account}/token`, 'utf8')}` },
					timeout: 3_000,
				},
				async (answer) => {
					const body = (await answer.setEncoding('utf8').toArray()).join('');
					if (answer.statusCode === 200) resolve(body);
					else reject(new Error(`the Kubernetes API answered ${answer.statusCode}: ${body.slice(0, 300)}`));
				},
			);
			asked.on('timeout', () => asked.destroy(new Error('the Kubernetes API did not answer within 3 s')));
			asked.on('error', reject);
			asked.end();
		});
		return (JSON.parse(text) as { items: Pod[] }).items;
	} catch (cause) {
		throw new Problem(
			503,
			'The Kubernetes API, which knows the functions’ states, does not answer. Try again shortly.',
			{ cause },
		);
	}
}
