import { type Declaration, targetsOf } from '../../../kit/declare/declare.ts';
import type { Deployment } from '../deployment.ts';
import { subscriptions } from '../eventing/subscriptions.ts';
import type { KubernetesObject } from '../object.ts';
import { functionPolicy } from '../policy.ts';
import { account } from './account.ts';
import { knativeService } from './knative-service.ts';

/** Returns all objects of one function: its account, network policy, Knative Services, Triggers and PingSource. */
export const functionObjects = (
	declaration: Declaration,
	functions: readonly Declaration[],
	deployment: Deployment,
): KubernetesObject[] => [
	...account(declaration, deployment),
	...functionPolicy(declaration, deployment),
	...targetsOf(declaration).map((target) => knativeService(target, functions, deployment)),
	...subscriptions(declaration, functions, deployment),
];
