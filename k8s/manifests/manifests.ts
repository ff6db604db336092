import type { Declaration } from '../../functions/kit/declare.ts';
import { brokerAndEventTypes } from './broker.ts';
import { functionObjects } from './function.ts';
import { migration } from './migration.ts';
import { namespaceObject } from './namespace.ts';
import type { KubernetesObject } from './object.ts';
import type { Place } from './place.ts';
import { commonPolicies, tracingPolicy } from './policy.ts';
import { postgres } from './postgres.ts';

/** The objects of a deployment, but for its Secrets, in the two steps they are applied in. */
export interface Manifests {
	/** What the functions stand on, by file: it is waited for before they come, so that no new code meets an old database. */
	readonly foundation: ReadonlyMap<string, readonly KubernetesObject[]>;
	/** Each function's, by its name. */
	readonly functions: ReadonlyMap<string, readonly KubernetesObject[]>;
}

/** Everything that is deployed, derived from the declarations: the same for the same, without looking at anything else. */
export const manifests = (functions: readonly Declaration[], place: Place): Manifests => ({
	foundation: new Map<string, readonly KubernetesObject[]>([
		['namespace', [namespaceObject(place), ...commonPolicies(), ...tracingPolicy(place)]],
		['postgres', postgres(functions)],
		['migrate', [migration(place)]],
		['broker', brokerAndEventTypes(functions)],
	]),
	functions: new Map(functions.map((fn) => [fn.name, functionObjects(fn, functions, place)])),
});
