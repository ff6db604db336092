import type { INamespace } from 'kubernetes-models/v1';
import { annotationsOf } from './choices.ts';
import { metadata } from './object.ts';
import { choicesOf, type Place } from './place.ts';

const profile = 'restricted';

/**
 * Returns the namespace. It admits only Pods of the restricted profile, and stores the choices. With a RabbitMQ Broker
 * it admits the baseline profile, because the Broker's Pods run in it and set no seccomp profile, which `restricted`
 * requires.
 */
export function namespaceObject(place: Place): INamespace {
	const { namespace } = place;
	const choices = choicesOf(place);
	const annotations = annotationsOf(choices);
	const meta = metadata(namespace, namespace, 'namespace');
	return {
		apiVersion: 'v1',
		kind: 'Namespace',
		metadata: {
			...meta,
			...(Object.keys(annotations).length ? { annotations } : {}),
			labels: {
				...meta.labels,
				'pod-security.kubernetes.io/enforce': choices.broker.startsWith('rabbitmq') ? 'baseline' : profile,
				'pod-security.kubernetes.io/warn': profile,
				'pod-security.kubernetes.io/audit': profile,
			},
		},
	};
}
