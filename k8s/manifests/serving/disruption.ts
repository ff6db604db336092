import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { type Declaration, targetsOf } from '../../../kit/declare/declare.ts';
import { database } from '../database/database.ts';
import { choicesOf, type Deployment, profileOf } from '../deployment.ts';
import { labelsOf, metadata } from '../object.ts';
import { alwaysOn } from './profile.ts';

/**
 * Returns the limits for draining nodes. A Service that always runs several instances can lose one at a time. Postgres
 * is a single instance, so a drain waits until an operator stops the shop. CloudNativePG makes its own budgets.
 */
export function disruptionBudgets(functions: readonly Declaration[], deployment: Deployment): IPodDisruptionBudget[] {
	const profile = profileOf(deployment);
	if (!profile.guarded) return [];
	const budget = (
		name: string,
		component: 'function' | 'database',
		matchLabels: Record<string, string>,
		maxUnavailable: number,
	): IPodDisruptionBudget => ({
		apiVersion: 'policy/v1',
		kind: 'PodDisruptionBudget',
		metadata: metadata(name, name, component),
		spec: { selector: { matchLabels }, maxUnavailable },
	});
	const services = functions.flatMap(targetsOf).filter((target) => alwaysOn(target, profile) > 1);
	return [
		...(choicesOf(deployment).database === 'postgres'
			? [budget(database.service, 'database', labelsOf(database.service, 'database'), 0)]
			: []),
		...services.map(({ name }) => budget(name, 'function', { 'serving.knative.dev/service': name }, 1)),
	];
}
