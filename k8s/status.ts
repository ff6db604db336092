import { styleText } from 'node:util';
import { functions } from '../functions/index.ts';
import { findAddress } from './address.ts';
import { remembered } from './choices.ts';
import { checkCluster } from './cluster.ts';
import { Kubectl } from './kubectl.ts';
import { manifests } from './manifests/manifests.ts';
import { defaultNamespace } from './manifests/place.ts';
import { lastNightly } from './nightly.ts';
import { type Readiness, readinessOf } from './readiness.ts';

export interface StatusOptions {
	readonly namespace?: string | undefined;
	readonly json?: boolean | undefined;
}

/** How a deployment is. */
export interface Status {
	readonly namespace: string;
	readonly ready: boolean;
	/** The shop's URL, and where the ingress answers from here, when it is deployed. */
	readonly url?: string;
	readonly ingress?: string;
	readonly objects: readonly (Readiness & { readonly instances?: number })[];
}

interface Pod {
	readonly metadata: { readonly labels?: Readonly<Record<string, string>>; readonly deletionTimestamp?: string };
}

/** Tells whether everything declared is on the cluster and ready, and how many instances each Service has. */
export async function status({ namespace = defaultNamespace, json }: StatusOptions = {}): Promise<Status> {
	const kubectl = new Kubectl(namespace);
	await checkCluster(kubectl);
	const choices = await remembered(kubectl);
	const { foundation, functions: rooms } = manifests(functions, { namespace, image: (name) => name, choices });
	// The Job is named after its image, and goes when it has been done for a day.
	const declared = [...foundation.values(), ...rooms.values()].flat().filter(({ kind }) => kind !== 'Job');
	const [judged, nightly, pods] = await Promise.all([
		readinessOf(kubectl, declared),
		foundation.has('backup') ? [await lastNightly(kubectl)] : [],
		kubectl.list<Pod>('pods', '-l', 'serving.knative.dev/service'),
	]);
	const running = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
	const objects = [...judged, ...nightly].map((each) => ({
		...each,
		...(each.kind === 'Service'
			? {
					instances: running.filter(({ metadata }) => metadata.labels?.['serving.knative.dev/service'] === each.name)
						.length,
				}
			: {}),
	}));
	const found = { namespace, ready: objects.every(({ ready }) => ready), ...(await reach(namespace)), objects };
	process.stdout.write(json ? `${JSON.stringify(found, null, '\t')}\n` : tell(found));
	return found;
}

async function reach(namespace: string): Promise<Pick<Status, 'url' | 'ingress'>> {
	try {
		const address = await findAddress({ namespace });
		try {
			return { url: address.urlOf('gateway'), ingress: address.url };
		} finally {
			await address.close();
		}
	} catch {
		return {}; // What is not there is among the objects.
	}
}

function tell({ url, ingress, objects, ready, namespace }: Status): string {
	const paint = (colour: 'green' | 'red', text: string): string => styleText(colour, text, { stream: process.stdout });
	const lines = objects.map(({ kind, name, ready, reason, instances }) => {
		const state = ready ? paint('green', 'ready') : paint('red', `not ready: ${reason}`);
		const count = instances === undefined ? '' : `, ${instances} ${instances === 1 ? 'instance' : 'instances'}`;
		return `  ${kind.padEnd(12)}${name.padEnd(34)}${state}${count}`;
	});
	const summary = ready
		? 'Everything is ready.'
		: `Not everything is ready. bodega deploy puts it right, or says what is in the way.`;
	return `${[`Namespace ${namespace}`, ...lines, ...(url ? [`The shop: ${url} (ingress ${ingress})`] : []), summary].join('\n')}\n`;
}
