import type { INamespace } from 'kubernetes-models/v1';
import { metadata } from './object.ts';
import type { Place } from './place.ts';

const profile = 'restricted';

/** The namespace: it takes only pods of the restricted profile. */
export function namespaceObject({ namespace }: Place): INamespace {
	const meta = metadata(namespace, namespace, 'namespace');
	return {
		apiVersion: 'v1',
		kind: 'Namespace',
		metadata: {
			...meta,
			labels: {
				...meta.labels,
				'pod-security.kubernetes.io/enforce': profile,
				'pod-security.kubernetes.io/warn': profile,
				'pod-security.kubernetes.io/audit': profile,
			},
		},
	};
}
