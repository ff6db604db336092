import { stringify } from 'yaml';
import { shop } from '../../shop.ts';

export interface KubernetesObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
}

export type Component = 'function' | 'database' | 'migration' | 'backup' | 'eventing' | 'namespace' | 'monitoring';

/** The labels of all objects of a deployment. Pruning finds our objects by them. */
export const ours = { 'app.kubernetes.io/part-of': shop.name, 'app.kubernetes.io/managed-by': shop.name } as const;

/** The label selector of our objects. */
export const oursSelector = Object.entries(ours)
	.map(([key, value]) => `${key}=${value}`)
	.join(',');

/** Returns the recommended labels (Kubernetes: "Recommended Labels"), and ours. */
export const labelsOf = (name: string, component: Component): Record<string, string> => ({
	'app.kubernetes.io/name': name,
	'app.kubernetes.io/component': component,
	...ours,
});

/** Returns the metadata of an object, without the namespace: kubectl gets that as an argument. */
export const metadata = (name: string, owner: string, component: Component) => ({
	name,
	labels: labelsOf(owner, component),
});

export const toYaml = (objects: readonly KubernetesObject[]): string =>
	objects.map((object) => `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`).join('');

/** Returns an object's name for messages: `Trigger books-on-order-placed`. */
export const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata?.name}`;

/** Returns a key that no two objects of a namespace share. */
export const keyOf = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
	`${apiVersion}/${kind}/${metadata?.name}`;
