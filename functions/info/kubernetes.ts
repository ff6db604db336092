import { InstanceHistory } from '../../kit/serve/instance-history.ts';
import type { Stats } from '../../kit/serve/server.ts';
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

/** A pod whose function serves: since when, and how many requests it has answered if it told. Times as `Date.now()` has them. */
interface Serving {
	readonly name: string;
	readonly createdAt: number;
	readonly since: number;
	readonly requests?: number;
}

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
				const answers = await Promise.all(alive.map((pod) => servingOf(pod, functionPort)));
				const serving = answers.filter((each) => each !== undefined);
				note(own, serving);
				forget(own, all);
				return [
					name,
					{
						state: serving.length ? 'ready' : alive.length ? 'starting' : 'zero',
						instances: serving.length,
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
			// Many pages may ask at once; the API server is asked once a second at most, and each look knows what the one before it saw.
			if (!latest || Date.now() - latest.at > 1000)
				latest = { at: Date.now(), seen: Promise.allSettled([latest?.seen]).then(look) };
			return latest.seen;
		},
		async versions() {
			const version = await api.get<{ gitVersion: string }>('/version').catch(() => null);
			// No object that this function may read says which Knative made it, so whoever deployed it has.
			return { kubernetes: version?.gitVersion ?? null, knative: env['KNATIVE_VERSION'] ?? null };
		},
	};
}

/** Notes the instances that were not known before, each since it serves, then how many there are now, and what each told. */
function note({ history, requests }: Remembered, serving: readonly Serving[]): void {
	const fresh = serving.filter(({ name }) => !requests.has(name)).sort((a, b) => a.since - b.since);
	const before = serving.length - fresh.length;
	for (const [index, { createdAt, since }] of fresh.entries()) {
		history.started(Math.max(0, since - createdAt), since);
		history.count(before + index + 1, since);
	}
	history.count(serving.length);
	for (const { name, requests: told } of serving) requests.set(name, told ?? requests.get(name) ?? 0);
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

/**
 * An instance says itself since when it serves, and is sent requests from then on: the activator does not wait for the
 * kubelet, which asks some seconds later. Of one that says nothing the kubelet's word is taken.
 */
async function servingOf({ metadata, status }: Pod, port: number): Promise<Serving | undefined> {
	const { name, creationTimestamp } = metadata;
	const pod = { name, createdAt: Date.parse(creationTimestamp) };
	const stats = status.podIP && (await statsOf(status.podIP, port));
	if (stats) return { ...pod, since: Date.parse(stats.started_at), requests: stats.requests };
	const ready = status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
	return ready && { ...pod, since: Date.parse(ready.lastTransitionTime) };
}

async function statsOf(host: string, port: number): Promise<Stats | undefined> {
	try {
		const answer = await fetch(`http://${host}:${port}/stats`, { signal: AbortSignal.timeout(500) });
		const { started_at, requests } = (await answer.json()) as Partial<Stats>;
		return started_at && requests !== undefined ? { started_at, requests } : undefined;
	} catch {
		return undefined; // It may not be there yet, have gone since the list was made, or be another's kind of function.
	}
}
