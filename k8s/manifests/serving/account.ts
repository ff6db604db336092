import type { IRole, IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IServiceAccount } from 'kubernetes-models/v1';
import type { Declaration } from '../../../kit/declare/declare.ts';
import type { Deployment } from '../deployment.ts';
import { metadata } from '../object.ts';

/** Returns whether a function reads the Pods of its namespace from the Kubernetes API. Only `info` does. */
export const readsPods = ({ role }: Declaration): boolean => role === 'observer';

/** Returns a function's account. It has a token, and the right to read Pods, only if the function needs them. */
export const account = (
	declaration: Declaration,
	deployment: Deployment,
): (IServiceAccount | IRole | IRoleBinding)[] => [
	{
		apiVersion: 'v1',
		kind: 'ServiceAccount',
		metadata: metadata(declaration.name, declaration.name, 'function'),
		automountServiceAccountToken: readsPods(declaration),
	},
	...(readsPods(declaration) ? podReader(declaration, deployment) : []),
];

const podReader = ({ name }: Declaration, { namespace }: Deployment): [IRole, IRoleBinding] => [
	{
		apiVersion: 'rbac.authorization.k8s.io/v1',
		kind: 'Role',
		metadata: metadata(name, name, 'function'),
		rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
	},
	{
		apiVersion: 'rbac.authorization.k8s.io/v1',
		kind: 'RoleBinding',
		metadata: metadata(name, name, 'function'),
		roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
		subjects: [{ kind: 'ServiceAccount', name, namespace }],
	},
];
