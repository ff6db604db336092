import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../manifests/object.ts';
import type { Kubectl, LiveObject } from './kubectl.ts';

/** An object that applying would create or change. */
export interface Difference {
	readonly object: KubernetesObject;
	/** How it is, and how it would be with the cluster's defaults filled in; not there when it is to be created. */
	readonly change?: { readonly before: LiveObject; readonly after: LiveObject };
}

/** What is written anew with each request, whether anything has changed or not, or is the controllers' to write. */
const bookkeeping = ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid'] as const;

/**
 * Those of some objects that applying them would create or change, as the server itself says: a dry run goes through its
 * defaults and its admission, which a comparison made here would not know. What is not there yet is not tried, for what it
 * needs may not be there either.
 * @throws {Failure} with what the server would refuse
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

const keyOf = ({ apiVersion, kind, metadata }: KubernetesObject): string => `${apiVersion}/${kind}/${metadata?.name}`;

function comparable({ status: _, metadata, ...rest }: LiveObject): unknown {
	const kept = Object.entries(metadata).filter(([key]) => !(bookkeeping as readonly string[]).includes(key));
	return { ...rest, metadata: Object.fromEntries(kept) };
}
