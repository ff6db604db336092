import { InstanceHistory } from '../kit/instance-history.ts';
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

/** What is remembered of a Service from one look to the next. */
interface Remembered {
	readonly history: InstanceHistory;
	/** By pod, as each told last. */
	readonly requests: Map<string, number>;
	/** Those that pods have served which are gone. */
	past: number;
}

/** On a cluster the Kubernetes API knows; this function alone has a Role to read the namespace's pods. */
export function kubernetes(env: NodeJS.ProcessEnv, { account, functionPort } = everyPod): Platform {
	const api = new KubernetesApi(env, account);
	const remembered = new Map<string, Remembered>();
	let latest: { readonly at: number; readonly seen: Promise<ReadonlyMap<string, Observation>> } | undefined;

	const look = async (): Promise<ReadonlyMap<string, Observation>> => {
		const path = '/api/v1/namespaces/{namespace}/pods?labelSelector=serving.knative.dev%2Fservice';
		const { items: pods } = await api.get<{ items: Pod[] }>(path);
		const services = Map.groupBy(pods, (pod) => pod.metadata.labels['serving.knative.dev/service'] ?? '');
		for (const name of remembered.keys()) if (!services.has(name)) services.set(name, []);
		const seen = await Promise.all(
			[...services].map(async ([name, all]) => {
				const own = remembered.get(name) ?? { history: new InstanceHistory(), requests: new Map(), past: 0 };
				remembered.set(name, own);
				const alive = all.filter((pod) => !pod.metadata.deletionTimestamp);
				const ready = alive.filter((pod) => readySince(pod) !== undefined);
				note(own, ready);
				await Promise.all(
					ready.map(async (pod) => {
						const stats = await statsOf(pod, functionPort);
						if (stats && own.requests.has(pod.metadata.name)) own.requests.set(pod.metadata.name, stats.requests);
					}),
				);
				forget(own, all);
				return [
					name,
					{
						state: ready.length ? 'ready' : alive.length ? 'starting' : 'zero',
						instances: ready.length,
						requests: [...own.requests.values()].reduce((sum, count) => sum + count, own.past),
						...own.history.told(),
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

/** Notes the instances that were not known before, each when it became ready, and then how many there are now. */
function note({ history, requests }: Remembered, ready: readonly Pod[]): void {
	const since = (pod: Pod): number => readySince(pod) as number;
	const fresh = ready.filter(({ metadata }) => !requests.has(metadata.name)).sort((a, b) => since(a) - since(b));
	const before = ready.length - fresh.length;
	for (const [index, pod] of fresh.entries()) {
		requests.set(pod.metadata.name, 0);
		history.started(Math.max(0, since(pod) - Date.parse(pod.metadata.creationTimestamp)), since(pod));
		history.count(before + index + 1, since(pod));
	}
	history.count(ready.length);
}

/** Forgets the pods that are gone, but not what they have served. */
function forget(own: Remembered, pods: readonly Pod[]): void {
	const names = new Set(pods.map(({ metadata }) => metadata.name));
	for (const [name, count] of own.requests) {
		if (names.has(name)) continue;
		own.past += count;
		own.requests.delete(name);
	}
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
