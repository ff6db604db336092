import type { IRole, IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IServiceAccount } from 'kubernetes-models/v1';
import type { Declaration } from '../../../kit/declare/declare.ts';
import { metadata } from '../object.ts';
import type { Place } from '../place.ts';

/** Whether a function asks the Kubernetes API, about the pods of its namespace: one does. */
export const readsPods = ({ role }: Declaration): boolean => role === 'observer';

/** The account of a function, without a token unless it reads pods, and then with the right to do that. */
export const account = (declaration: Declaration, place: Place): (IServiceAccount | IRole | IRoleBinding)[] => [
	{
		apiVersion: 'v1',
		kind: 'ServiceAccount',
		metadata: metadata(declaration.name, declaration.name, 'function'),
		automountServiceAccountToken: readsPods(declaration),
	},
	...(readsPods(declaration) ? podReader(declaration, place) : []),
];

const podReader = ({ name }: Declaration, { namespace }: Place): [IRole, IRoleBinding] => [
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
