import { exchange } from '../../kit/net/exchange.ts';
import { inUrl } from '../../kit/net/host.ts';
import { InstanceHistory } from '../../kit/serve/instance-history.ts';
import { type Outcomes, sumOf } from '../../kit/serve/outcomes.ts';
import type { Stats } from '../../kit/serve/server.ts';
import { KubernetesApi } from './kubernetes-api.ts';
import { kubernetesLog } from './kubernetes-log.ts';
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

const everyPod = {
	account: '/var/run/secrets/kubernetes.io/serviceaccount',
	/** The port of the function itself. Requests to it bypass the queue-proxy, so they do not prevent scaling to zero. */
	functionPort: 8080,
};

/** The counts of a Pod's requests. */
interface Tally extends Outcomes {
	readonly requests: number;
}

/** A Pod whose function is serving. Times are in ms since the epoch; without an answer, `tally` is missing. */
interface Serving {
	readonly name: string;
	readonly createdAt: number;
	readonly since: number;
	readonly tally?: Tally;
}

/** The state of a Service that persists from one poll to the next. */
interface Remembered {
	readonly history: InstanceHistory;
	/** The last reported counts of each Pod, by name. */
	readonly tallies: Map<string, Tally>;
	/** The counts of Pods that no longer exist. */
	past: Tally;
}

const together = (tallies: readonly Tally[]): Tally => ({
	requests: tallies.reduce((sum, { requests }) => sum + requests, 0),
	...sumOf(tallies),
});
const none = together([]);

/** Reads the states from the Kubernetes API. Only this function has a Role to read the namespace's Pods. */
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
				const own = remembered.get(name) ?? { history: new InstanceHistory(), tallies: new Map(), past: none };
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
						...together([own.past, ...own.tallies.values()]),
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
			// Query the API server at most once a second, even for many pages. Each poll needs the state of the previous one.
			if (!latest || Date.now() - latest.at > 1000)
				latest = { at: Date.now(), seen: Promise.allSettled([latest?.seen]).then(look) };
			return latest.seen;
		},
		openLog: (services) => kubernetesLog(api, services),
		async versions() {
			const version = await api.get<{ gitVersion: string }>('/version').catch(() => null);
			// No object that this function can read has the Knative version, so the deployment passes it in.
			return { kubernetes: version?.gitVersion ?? null, knative: env['KNATIVE_VERSION'] ?? null };
		},
	};
}

/** Records new instances with their start times, then the current number of instances and the request count of each. */
function note({ history, tallies }: Remembered, serving: readonly Serving[]): void {
	const fresh = serving.filter(({ name }) => !tallies.has(name)).sort((a, b) => a.since - b.since);
	const before = serving.length - fresh.length;
	for (const [index, { createdAt, since }] of fresh.entries()) {
		history.started(Math.max(0, since - createdAt), since);
		history.count(before + index + 1, since);
	}
	history.count(serving.length);
	for (const { name, tally } of serving) tallies.set(name, tally ?? tallies.get(name) ?? none);
}

/** Removes Pods that no longer exist, and adds their counts to `past`. */
function forget(own: Remembered, pods: readonly Pod[]): void {
	const names = new Set(pods.map(({ metadata }) => metadata.name));
	for (const [name, tally] of own.tallies) {
		if (names.has(name)) continue;
		own.past = together([own.past, tally]);
		own.tallies.delete(name);
	}
}

/**
 * Returns the Pod if its function is serving. The instance reports its own start time, because the activator sends
 * requests from then on and does not wait for the kubelet's probe some seconds later. If the instance does not answer,
 * the Pod's Ready condition counts.
 */
async function servingOf({ metadata, status }: Pod, port: number): Promise<Serving | undefined> {
	const { name, creationTimestamp } = metadata;
	const pod = { name, createdAt: Date.parse(creationTimestamp) };
	const stats = status.podIP && (await statsOf(status.podIP, port));
	if (stats) return { ...pod, since: Date.parse(stats.started_at), tally: together([stats]) };
	const ready = status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
	return ready && { ...pod, since: Date.parse(ready.lastTransitionTime) };
}

async function statsOf(ip: string, port: number): Promise<Stats | undefined> {
	try {
		const { text } = await exchange(new URL(`http://${inUrl(ip)}:${port}/stats`), { method: 'GET', limit: 500 });
		const { started_at, requests, ...outcomes } = JSON.parse(text) as Partial<Stats>;
		return started_at && requests !== undefined ? { started_at, requests, ...sumOf([outcomes]) } : undefined;
	} catch {
		return undefined; // It is still starting, has ended since the list was read, or is not a function of ours.
	}
}
