import type { INamespace } from 'kubernetes-models/v1';
import { annotationsOf } from './choices.ts';
import { choicesOf, type Deployment } from './deployment.ts';
import { metadata } from './object.ts';

const profile = 'restricted';

/**
 * Returns the namespace. It admits only Pods of the restricted profile, and stores the choices. With a RabbitMQ Broker
 * it admits the baseline profile, because the Broker's Pods run in it and set no seccomp profile, which `restricted`
 * requires.
 */
export function namespaceObject(deployment: Deployment): INamespace {
	const { namespace } = deployment;
	const choices = choicesOf(deployment);
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
