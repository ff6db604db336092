import { type KubernetesObject, titleOf, toYaml } from '../manifests/object.ts';
import { differences } from './difference.ts';
import type { Kubectl } from './kubectl.ts';
import { stale } from './prune.ts';

export interface Plan {
	readonly images: readonly string[];
	readonly create: readonly string[];
	readonly change: readonly string[];
	readonly remove: readonly string[];
	/** The objects that would be created or changed. */
	readonly objects: readonly KubernetesObject[];
}

/** Returns what applying the objects would do. If the namespace does not exist, all objects are new. */
export async function plan(
	kubectl: Kubectl,
	objects: readonly KubernetesObject[],
	images: readonly string[],
): Promise<Plan> {
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

/** Masks the values of a Secret, because the result is printed on the terminal. */
function veiled(object: KubernetesObject): KubernetesObject {
	const { data } = object as { data?: Record<string, string> };
	if (object.kind !== 'Secret' || !data) return object;
	return { ...object, data: Object.fromEntries(Object.keys(data).map((key) => [key, '…'])) } as KubernetesObject;
}

/** Returns the objects as YAML, with a summary in comments at the top. */
export function planText({ images, create, change, remove, objects }: Plan): string {
	const lines = [
		...images.map((image) => `bring  ${image}`),
		...create.map((title) => `create ${title}`),
		...change.map((title) => `change ${title}`),
		...remove.map((name) => `remove ${name}`),
	];
	const summary = lines.length ? lines : ['The cluster is up to date: a deployment would change nothing.'];
	return `${summary.map((line) => `# ${line}`).join('\n')}\n${toYaml(objects)}`;
}
