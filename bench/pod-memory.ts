import { setTimeout as after } from 'node:timers/promises';
import { Kubectl, type LiveObject } from '../k8s/kubectl/kubectl.ts';
import { openCluster } from '../tests/acceptance/setup/cluster.ts';
import { load } from './load.ts';
import { timed } from './requests.ts';
import { plainRow, type Row } from './row.ts';
import { questions } from './throughput.ts';

const measured = ['books', 'calc'] as const;
/** The longest time until the kubelet has new figures, in milliseconds. */
const patience = 60_000;
/** How long a function is idle before it is measured, in milliseconds: V8 frees much after 8 s without work. */
const calm = 12_000;

/** The kubelet's Summary API (Kubernetes: "Node metrics data"). */
interface Summary {
	readonly pods: readonly {
		readonly podRef: { readonly name: string; readonly namespace: string };
		readonly containers?: readonly {
			readonly name: string;
			readonly memory?: { readonly time: string; readonly workingSetBytes?: number };
		}[];
	}[];
}

/**
 * Measures the memory of functions that have answered a hundred requests on a cluster: the working set of the function's container,
 * as in `kubectl top`. The pages of Node's files are in it only for the first Pod of a node. Needs a deployed shop.
 */
export async function memoryOfPods(): Promise<Row[]> {
	const { reach, close } = await openCluster();
	const kubectl = new Kubectl(reach.namespace ?? '');
	const rows: Row[] = [];
	try {
		for (const fn of measured) {
			await load(100, 1, async () => void (await timed(reach.url, reach.hosts[fn] ?? '', questions[fn] ?? '')));
			const bytes = await workingSet(kubectl, fn);
			rows.push(plainRow(`cluster: memory of one warm function: ${fn}`, bytes / 2 ** 20, 'MB', { most: 60 }));
		}
		return rows;
	} finally {
		await close();
	}
}

async function workingSet(kubectl: Kubectl, fn: string): Promise<number> {
	const since = Date.now() + calm;
	while (Date.now() < since + patience) {
		await after(1_000);
		const pods = await kubectl.list<RunningPod>('pods', '-l', `serving.knative.dev/service=${fn}`);
		for (const { metadata, spec } of pods) {
			const path = `/api/v1/nodes/${spec.nodeName}/proxy/stats/summary`;
			const { pods: told } = JSON.parse(await kubectl.run(['get', '--raw', path])) as Summary;
			const own = told.find(({ podRef }) => podRef.name === metadata.name && podRef.namespace === kubectl.namespace);
			const memory = own?.containers?.find(({ name }) => name === 'function')?.memory;
			if (memory?.workingSetBytes && Date.parse(memory.time) > since) return memory.workingSetBytes;
		}
	}
	throw new Error(`the kubelet has reported no memory of ${fn} for ${patience / 1_000} s`);
}

type RunningPod = LiveObject & { readonly spec: { readonly nodeName: string } };
