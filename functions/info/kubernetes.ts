import type { Stats } from '../kit/server.ts';
import { KubernetesApi } from './kubernetes-api.ts';
import type { Observation, Platform } from './platform.ts';

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

/** How every pod finds what it asks. */
const everyPod = {
	account: '/var/run/secrets/kubernetes.io/serviceaccount',
	/** The port of the function itself: asking it past its queue-proxy is no request that would keep it from scaling to zero. */
	functionPort: 8080,
};

/** On a cluster the Kubernetes API knows; this function alone has a Role to read the namespace's pods. */
export function kubernetes(env: NodeJS.ProcessEnv, { account, functionPort } = everyPod): Platform {
	const api = new KubernetesApi(env, account);
	/** Requests by pod, the last that each told, so that the sum does not fall when one goes; and the last cold starts. */
	const requests = new Map<string, Map<string, number>>();
	const coldStarts = new Map<string, number>();
	let latest: { readonly at: number; readonly seen: Promise<ReadonlyMap<string, Observation>> } | undefined;

	const look = async (): Promise<ReadonlyMap<string, Observation>> => {
		const path = '/api/v1/namespaces/{namespace}/pods?labelSelector=serving.knative.dev%2Fservice';
		const { items: pods } = await api.get<{ items: Pod[] }>(path);
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
						own.set(pod.metadata.name, (await statsOf(pod, functionPort))?.requests ?? own.get(pod.metadata.name) ?? 0),
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

	return {
		name: 'cluster',
		observe() {
			// Many pages may ask at once; the API server is asked once a second at most.
			if (!latest || Date.now() - latest.at > 1000) latest = { at: Date.now(), seen: look() };
			return latest.seen;
		},
		async versions() {
			const version = await api.get<{ gitVersion: string }>('/version').catch(() => null);
			// No object that this function may read says which Knative made it, so whoever deployed it has.
			return { kubernetes: version?.gitVersion ?? null, knative: env['KNATIVE_VERSION'] ?? null };
		},
	};
}

const readySince = (pod: Pod): number | undefined => {
	const ready = pod.status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
	return ready && Date.parse(ready.lastTransitionTime);
};

async function statsOf(pod: Pod, port: number): Promise<Stats | undefined> {
	try {
		const answer = await fetch(`http://${pod.status.podIP}:${port}/stats`, {
			signal: AbortSignal.timeout(500),
		});
		return (await answer.json()) as Stats;
	} catch {
		return undefined; // It may have gone since the list was made.
	}
}
