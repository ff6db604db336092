import { stringify } from 'yaml';
import { shop } from '../../shop.ts';

/** A Kubernetes object, whatever its kind. */
export interface KubernetesObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
}

export type Component = 'function' | 'database' | 'migration' | 'backup' | 'eventing' | 'namespace' | 'monitoring';

/** What all objects of a deployment carry: what is theirs is found by it, and what is no longer declared is removed by it. */
export const ours = { 'app.kubernetes.io/part-of': shop.name, 'app.kubernetes.io/managed-by': shop.name } as const;

/** The recommended labels (Kubernetes: "Recommended Labels"). */
export const labelsOf = (name: string, component: Component): Record<string, string> => ({
	'app.kubernetes.io/name': name,
	'app.kubernetes.io/component': component,
	...ours,
});

/** The metadata of an object; its namespace is given to kubectl. */
export const metadata = (name: string, owner: string, component: Component) => ({
	name,
	labels: labelsOf(owner, component),
});

/** Objects as one text of YAML, for people to read and for kubectl. */
export const toYaml = (objects: readonly KubernetesObject[]): string =>
	objects.map((object) => `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`).join('');

/** An object as people call it: `Trigger books-on-order-placed`. */
export const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata?.name}`;
