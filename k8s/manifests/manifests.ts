import type { Declaration } from '../../kit/declare/declare.ts';
import { backup } from './database/backup.ts';
import { cloudnativePg } from './database/cloudnative-pg.ts';
import { migration } from './database/migration.ts';
import { postgres } from './database/postgres.ts';
import { retention } from './database/retention.ts';
import { choicesOf, type Deployment } from './deployment.ts';
import { brokerAndEventTypes } from './eventing/broker.ts';
import { rabbitmq } from './eventing/rabbitmq.ts';
import { namespaceObject } from './namespace.ts';
import type { KubernetesObject } from './object.ts';
import { commonPolicies, tracingPolicy } from './policy.ts';
import { disruptionBudgets } from './serving/disruption.ts';
import { domain } from './serving/domain.ts';
import { functionObjects } from './serving/function.ts';

/** The objects of a deployment, except its Secrets, in the two steps in which they are applied. */
interface Manifests {
	/** The objects that functions depend on, by file. They are ready first, so no new code runs on an old database. */
	readonly foundation: ReadonlyMap<string, readonly KubernetesObject[]>;
	/** The objects of each function, by its name, and the disruption budgets and host mapping. */
	readonly functions: ReadonlyMap<string, readonly KubernetesObject[]>;
}

/** Derives all objects from the declarations. Pure: the result depends on the arguments only. */
export const manifests = (functions: readonly Declaration[], deployment: Deployment): Manifests => ({
	foundation: filled([
		[
			'namespace',
			[namespaceObject(deployment), ...commonPolicies(functions, deployment), ...tracingPolicy(deployment)],
		],
		['postgres', databaseObjects(functions, deployment)],
		['migrate', [migration(deployment)]],
		['retention', retention(deployment)],
		['backup', choicesOf(deployment).database === 'postgres' ? backup(functions, deployment) : []],
		['broker', [...rabbitmq(deployment), ...brokerAndEventTypes(functions, deployment)]],
	]),
	functions: filled([
		...functions.map((fn): [string, KubernetesObject[]] => [fn.name, functionObjects(fn, functions, deployment)]),
		['disruption', disruptionBudgets(functions, deployment)],
		['domain', domain(functions, deployment)],
	]),
});

const filled = (files: readonly [string, readonly KubernetesObject[]][]): Manifests['foundation'] =>
	new Map(files.filter(([, objects]) => objects.length > 0));

function databaseObjects(functions: readonly Declaration[], deployment: Deployment): readonly KubernetesObject[] {
	switch (choicesOf(deployment).database) {
		case 'external':
			return [];
		case 'cloudnative-pg':
			return cloudnativePg(functions, deployment);
		case 'postgres':
			return postgres(functions, deployment);
	}
}
