import { type Declaration, targetsOf } from '../../../kit/declare/declare.ts';
import { subscriptions } from '../eventing/subscriptions.ts';
import type { KubernetesObject } from '../object.ts';
import type { Place } from '../place.ts';
import { functionPolicy } from '../policy.ts';
import { account } from './account.ts';
import { knativeService } from './knative-service.ts';

/** Returns all objects of one function: its account, network policy, Knative Services, Triggers and PingSource. */
export const functionObjects = (
	declaration: Declaration,
	functions: readonly Declaration[],
	place: Place,
): KubernetesObject[] => [
	...account(declaration, place),
	...functionPolicy(declaration, place),
	...targetsOf(declaration).map((target) => knativeService(target, functions, place)),
	...subscriptions(declaration, functions, place),
];
