import { type KubernetesObject, titleOf, toYaml } from '../manifests/object.ts';
import { differences } from './difference.ts';
import type { Kubectl } from './kubectl.ts';
import { stale } from './prune.ts';

/** What a deployment would do. */
export interface Intent {
	/** Images that the cluster lacks. */
	readonly images: readonly string[];
	readonly create: readonly string[];
	readonly change: readonly string[];
	readonly remove: readonly string[];
	/** The objects that would be created or changed. */
	readonly objects: readonly KubernetesObject[];
}

/** Looks what applying some objects would do, and does nothing. Into a namespace that is not there yet, all would be new. */
export async function foresee(
	kubectl: Kubectl,
	objects: readonly KubernetesObject[],
	images: readonly string[],
): Promise<Intent> {
	const [namespace] = await kubectl.read('namespace', kubectl.namespace);
	const titles = objects.map(titleOf);
	if (!namespace) return { images, create: titles, change: [], remove: [], objects: objects.map(veiled) };
	const [found, remove] = await Promise.all([differences(kubectl, objects), stale(kubectl, objects)]);
	return {
		images,
		create: found.filter(({ change }) => !change).map(({ object }) => titleOf(object)),
		change: found.filter(({ change }) => change).map(({ object }) => titleOf(object)),
		remove,
		objects: found.map(({ object }) => veiled(object)),
	};
}

/** What a Secret holds is not for a terminal to show. */
function veiled(object: KubernetesObject): KubernetesObject {
	const { data } = object as { data?: Record<string, string> };
	if (object.kind !== 'Secret' || !data) return object;
	return { ...object, data: Object.fromEntries(Object.keys(data).map((key) => [key, '…'])) } as KubernetesObject;
}

/** The objects as YAML, under a summary in its comments. */
export function tellIntent({ images, create, change, remove, objects }: Intent): string {
	const lines = [
		...images.map((image) => `bring  ${image}`),
		...create.map((title) => `create ${title}`),
		...change.map((title) => `change ${title}`),
		...remove.map((name) => `remove ${name}`),
	];
	const summary = lines.length ? lines : ['Everything is as declared: nothing would be done.'];
	return `${summary.map((line) => `# ${line}`).join('\n')}\n${toYaml(objects)}`;
}
