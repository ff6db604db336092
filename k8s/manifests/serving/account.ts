import type { IRole, IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IServiceAccount } from 'kubernetes-models/v1';
import type { Declaration } from '../../../kit/declare/declare.ts';
import type { Deployment } from '../deployment.ts';
import { metadata } from '../object.ts';

/** Returns whether a function reads the Pods of its namespace, and their logs, from the Kubernetes API. Only `info` does. */
export const readsPods = ({ role }: Declaration): boolean => role === 'observer';

/** Returns a function's account. It has a token, and the right to read Pods, only if the function needs them. */
export function account(
	declaration: Declaration,
	{ namespace }: Deployment,
): (IServiceAccount | IRole | IRoleBinding)[] {
	const meta = metadata(declaration.name, declaration.name, 'function');
	return [
		{
			apiVersion: 'v1',
			kind: 'ServiceAccount',
			metadata: meta,
			automountServiceAccountToken: readsPods(declaration),
		},
		...(readsPods(declaration) ? podReader(meta, ['get', 'list'], { name: meta.name, namespace }, [logs]) : []),
	];
}

type Rule = NonNullable<IRole['rules']>[number];

/** The right to read logs, each of which is a part of a Pod. They can hold customers' data, so the function shows them only to admins. */
const logs: Rule = { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] };

/** Returns a Role to read Pods, and its binding to a ServiceAccount. */
export const podReader = (
	meta: ReturnType<typeof metadata>,
	verbs: string[],
	account: { readonly name: string; readonly namespace: string },
	more: readonly Rule[] = [],
): [IRole, IRoleBinding] => [
	{
		apiVersion: 'rbac.authorization.k8s.io/v1',
		kind: 'Role',
		metadata: meta,
		rules: [{ apiGroups: [''], resources: ['pods'], verbs }, ...more],
	},
	{
		apiVersion: 'rbac.authorization.k8s.io/v1',
		kind: 'RoleBinding',
		metadata: meta,
		roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: meta.name },
		subjects: [{ kind: 'ServiceAccount', ...account }],
	},
];
