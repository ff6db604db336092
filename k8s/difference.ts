import { isDeepStrictEqual } from 'node:util';
import type { Kubectl, LiveObject } from './kubectl.ts';
import type { KubernetesObject } from './manifests/object.ts';

/** An object that applying would create or change: how it is, and how it would be. */
export interface Difference {
	readonly object: KubernetesObject;
	/** As it is on the cluster; not there when it is not. */
	readonly before?: LiveObject;
	/** As the cluster would keep it, its defaults filled in. */
	readonly after: LiveObject;
}

/** What is written anew with each request, whether anything has changed or not, or is the controllers' to write. */
const bookkeeping = ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid'] as const;

/**
 * Those of some objects that applying them would create or change, as the server itself says: a dry run goes through its
 * defaults and its admission, which a comparison made here would not know.
 * @throws {Failure} with what the server would refuse
 */
export async function differences(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<Difference[]> {
	const [before, after] = await Promise.all([kubectl.get(objects), kubectl.apply(objects, { dryRun: true })]);
	const known = new Map(before.map((object) => [keyOf(object), object]));
	return after.flatMap((applied, index): Difference[] => {
		const object = objects[index] as KubernetesObject;
		const live = known.get(keyOf(applied));
		if (!live) return [{ object, after: applied }];
		return isDeepStrictEqual(comparable(live), comparable(applied)) ? [] : [{ object, before: live, after: applied }];
	});
}

const keyOf = ({ apiVersion, kind, metadata }: LiveObject): string => `${apiVersion}/${kind}/${metadata.name}`;

function comparable({ status: _, metadata, ...rest }: LiveObject): unknown {
	const kept = Object.entries(metadata).filter(([key]) => !(bookkeeping as readonly string[]).includes(key));
	return { ...rest, metadata: Object.fromEntries(kept) };
}
