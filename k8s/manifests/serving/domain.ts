import type { IClusterDomainClaim } from '@kubernetes-models/knative/networking.internal.knative.dev/v1alpha1';
import type { IDomainMapping } from '@kubernetes-models/knative/serving.knative.dev/v1beta1';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1';
import type { IService } from 'kubernetes-models/v1';
import { type Declaration, withRole } from '../../../kit/declare/declare.ts';
import { choicesOf, type Deployment } from '../deployment.ts';
import { type KubernetesObject, metadata } from '../object.ts';

const split = (tls = ''): { secret?: string; issuer?: string } => {
	const [how, name] = tls.split(':');
	return name ? { [how as 'secret' | 'issuer']: name } : {};
};

/** Returns the name of the Secret with the host's certificate: the given one, or the one that cert-manager writes. */
const secretOf = (host: string, tls?: string): string | undefined => {
	const { secret, issuer } = split(tls);
	return secret ?? (issuer ? `${host}-tls` : undefined);
};

/** Returns the cluster-wide object that reserves a host for this namespace (Knative: "DomainMapping"). */
export const domainClaim = (host: string, { namespace }: Deployment): IClusterDomainClaim => ({
	apiVersion: 'networking.internal.knative.dev/v1alpha1',
	kind: 'ClusterDomainClaim',
	metadata: metadata(host, host, 'namespace'),
	spec: { namespace },
});

/**
 * Maps the operator's host to the gateway. With nginx in front, nginx terminates TLS and forwards requests unchanged,
 * so host and origin are the same for the browser, nginx, Knative and the functions.
 */
export function domain(functions: readonly Declaration[], deployment: Deployment): KubernetesObject[] {
	const { host, ingress, tls } = choicesOf(deployment);
	if (!host) return [];
	const gateway = withRole('gateway', functions).name;
	const secretName = ingress === 'knative' ? secretOf(host, tls) : undefined;
	const mapping: IDomainMapping = {
		apiVersion: 'serving.knative.dev/v1beta1',
		kind: 'DomainMapping',
		metadata: metadata(host, gateway, 'function'),
		spec: {
			ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: gateway },
			...(secretName ? { tls: { secretName } } : {}),
		},
	};
	if (ingress === 'nginx') return [mapping, ...nginx(host, functions, gateway, tls)];
	const { issuer } = split(tls);
	return issuer ? [mapping, certificate(host, issuer, gateway)] : [mapping];
}

/** Returns a Certificate of cert-manager. */
const certificate = (host: string, issuer: string, gateway: string) => ({
	apiVersion: 'cert-manager.io/v1',
	kind: 'Certificate',
	metadata: metadata(host, gateway, 'function'),
	spec: {
		dnsNames: [host],
		secretName: `${host}-tls`,
		// A Knative ingress can be configured to watch only Secrets with this label.
		secretTemplate: { labels: { 'networking.internal.knative.dev/certificate-uid': host } },
		issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: issuer },
	},
});

/** Returns the Ingress, and a Service that points to Kourier's, because an Ingress cannot leave its namespace. */
function nginx(host: string, functions: readonly Declaration[], gateway: string, tls?: string): [IService, IIngress] {
	const secretName = secretOf(host, tls);
	const { issuer } = split(tls);
	const largest = Math.ceil(Math.max(...functions.map(({ bodyLimit }) => bodyLimit)) / 2 ** 20);
	return [
		{
			apiVersion: 'v1',
			kind: 'Service',
			metadata: metadata('ingress', gateway, 'function'),
			spec: {
				type: 'ExternalName',
				externalName: 'kourier.kourier-system.svc.cluster.local',
				ports: [{ name: 'http', port: 80 }],
			},
		},
		{
			apiVersion: 'networking.k8s.io/v1',
			kind: 'Ingress',
			metadata: {
				...metadata('ingress', gateway, 'function'),
				annotations: {
					'nginx.ingress.kubernetes.io/proxy-body-size': `${largest}m`,
					// Seconds, as in a Knative revision. nginx's default closes a stream after 60 s of silence.
					'nginx.ingress.kubernetes.io/proxy-read-timeout': '300',
					...(issuer ? { 'cert-manager.io/cluster-issuer': issuer } : {}),
				},
			},
			spec: {
				ingressClassName: 'nginx',
				...(secretName ? { tls: [{ hosts: [host], secretName }] } : {}),
				rules: [
					{
						host,
						http: {
							paths: [
								{ path: '/', pathType: 'Prefix', backend: { service: { name: 'ingress', port: { name: 'http' } } } },
							],
						},
					},
				],
			},
		},
	];
}
