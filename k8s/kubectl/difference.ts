import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../manifests/object.ts';
import { keyOf } from '../manifests/object.ts';
import type { Kubectl, LiveObject } from './kubectl.ts';

/** An object that applying would create or change. */
export interface Difference {
	readonly object: KubernetesObject;
	/** The object now and after applying, with the cluster's defaults. Absent if the object is new. */
	readonly change?: { readonly before: LiveObject; readonly after: LiveObject };
}

/** The metadata fields that the server writes. They differ even if nothing has changed. */
const bookkeeping = ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid'] as const;

/**
 * Returns the objects that applying would create or change. It compares with a server-side dry run, because only the
 * server can fill in defaults and run admission. New objects get no dry run, because what they depend on can be missing
 * too.
 * @throws {Failure} with the objects that the server would reject
 */
export async function differences(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<Difference[]> {
	const live = new Map((await kubectl.get(objects)).map((object) => [keyOf(object), object]));
	const there = objects.filter((object) => live.has(keyOf(object)));
	const dryRun = there.length ? await kubectl.apply(there, { dryRun: true }) : [];
	const applied = new Map(dryRun.map((object) => [keyOf(object), object]));
	return objects.flatMap((object): Difference[] => {
		const [before, after] = [live.get(keyOf(object)), applied.get(keyOf(object))];
		if (!before || !after) return [{ object }];
		return isDeepStrictEqual(comparable(before), comparable(after)) ? [] : [{ object, change: { before, after } }];
	});
}

function comparable({ status: _, metadata, ...rest }: LiveObject): unknown {
	const kept = Object.entries(metadata).filter(([key]) => !(bookkeeping as readonly string[]).includes(key));
	return { ...rest, metadata: Object.fromEntries(kept) };
}
