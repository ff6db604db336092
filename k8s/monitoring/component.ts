import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import { labelsOf, metadata } from '../manifests/object.ts';

/** The parts of monitoring, by the name of their workload and Service. */
type Part = 'prometheus' | 'grafana' | 'metrics';

export const partLabels = (part: Part) => labelsOf(part, 'monitoring');
export const partMetadata = (part: Part, name: string = part) => metadata(name, part, 'monitoring');

export const portOf = { prometheus: 9090, grafana: 3000, metrics: 8080 } as const satisfies Record<Part, number>;

/** Returns the settings of every monitoring Pod: the restricted security profile at the Pod level. */
export const podSecurity = (user: number) =>
	({
		enableServiceLinks: false,
		securityContext: {
			runAsNonRoot: true,
			runAsUser: user,
			fsGroup: user,
			seccompProfile: { type: 'RuntimeDefault' },
		},
	}) satisfies Pick<IPodSpec, 'enableServiceLinks' | 'securityContext'>;

export const httpProbe = (part: Part, path: string) =>
	({
		httpGet: { path, port: portOf[part] },
		periodSeconds: 5,
		timeoutSeconds: 3,
	}) satisfies IContainer['readinessProbe'];

/** Returns the cluster-internal Service of a part. Use `kubectl port-forward` to reach it from outside. */
export const partService = (part: Part) => ({
	apiVersion: 'v1' as const,
	kind: 'Service' as const,
	metadata: partMetadata(part),
	spec: {
		type: 'ClusterIP' as const,
		selector: partLabels(part),
		ports: [{ name: 'http', port: portOf[part], targetPort: portOf[part] }],
	},
});
