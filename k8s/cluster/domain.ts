import { Failure } from '../kubectl/failure.ts';
import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import { ours } from '../manifests/object.ts';
import { choicesOf, type Place } from '../manifests/place.ts';
import { domainClaim } from '../manifests/serving/domain.ts';

interface Claim extends LiveObject {
	readonly spec?: { readonly namespace?: string };
}

const claims = 'clusterdomainclaims.networking.internal.knative.dev';

/** What the cluster's operator has set in Knative's `config-network`, as far as it may be seen. */
async function networkSetting(kubectl: Kubectl, key: string): Promise<string> {
	const args = ['get', 'configmap/config-network', '-n', 'knative-serving', '-o', `jsonpath={.data.${key}}`];
	return (await kubectl.attempt(args)).stdout.trim().toLowerCase();
}

/**
 * Claims the host for the namespace. Where Knative is told to do so by itself (`autocreate-cluster-domain-claims`), nothing
 * is to be done; changing that would be a change for everybody on the cluster.
 * @throws {Failure} when another namespace has the host, or the claim is not ours to make
 */
export async function claimHost(kubectl: Kubectl, place: Place): Promise<void> {
	const { host } = choicesOf(place);
	if (!host) return;
	const [found] = await kubectl.read<Claim>(claims, host);
	if (found && found.spec?.namespace !== place.namespace)
		throw new Failure('usage', `The host ${host} is claimed by the namespace ${found.spec?.namespace} already.`);
	if (found || (await networkSetting(kubectl, 'autocreate-cluster-domain-claims')) === 'true') return;
	try {
		await kubectl.apply([domainClaim(host, place)]);
	} catch (cause) {
		throw new Failure(
			'environment',
			`The host ${host} could not be claimed. Who runs the cluster may do it: a ClusterDomainClaim ${host} with spec.namespace ${place.namespace}, ` +
				`or autocreate-cluster-domain-claims: "true" in Knative's config-network.\n${cause instanceof Error ? cause.message : cause}`,
			{ cause },
		);
	}
}

/** Gives back the hosts that the namespace has claimed, but for one. Claims that somebody else made stay. */
export async function releaseHosts(kubectl: Kubectl, keep?: string): Promise<void> {
	const label = Object.entries(ours).map(([key, value]) => `${key}=${value}`);
	const { code, stdout } = await kubectl.attempt(['get', claims, '-l', label.join(','), '-o', 'json']);
	if (code !== 0) return; // Who may not see them has made none.
	const { items } = JSON.parse(stdout) as { items: Claim[] };
	const left = items.filter(({ metadata, spec }) => spec?.namespace === kubectl.namespace && metadata.name !== keep);
	if (left.length) await kubectl.run(['delete', claims, ...left.map(({ metadata }) => metadata.name)]);
}

/** Where the shop is by its host, and what there is to know about it. */
export async function tellHost(kubectl: Kubectl, place: Place): Promise<{ url: string; hint: string } | undefined> {
	const { host, ingress, tls } = choicesOf(place);
	if (!host) return undefined;
	const [mapping] = await kubectl.list(
		'domainmappings.serving.knative.dev',
		'--field-selector',
		`metadata.name=${host}`,
	);
	const url = ingress === 'nginx' ? `http${tls ? 's' : ''}://${host}` : (mapping?.status?.url ?? `http://${host}`);
	const leads = `Let the name ${host} lead to ${ingress === 'nginx' ? 'nginx' : 'Knative’s ingress'}`;
	const plain = url.startsWith('http:') ? ' It has no TLS: docs/ingress.md tells of the ways to it.' : '';
	return { url, hint: `${leads}.${plain}` };
}
