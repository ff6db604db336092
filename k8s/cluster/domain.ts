import { Failure } from '../kubectl/failure.ts';
import { type Kubectl, type LiveObject, named } from '../kubectl/kubectl.ts';
import { choicesOf, type Deployment } from '../manifests/deployment.ts';
import { oursSelector } from '../manifests/object.ts';
import { domainClaim } from '../manifests/serving/domain.ts';

interface Claim extends LiveObject {
	readonly spec?: { readonly namespace?: string };
}

const claims = 'clusterdomainclaims.networking.internal.knative.dev';

/** Returns whether Knative creates claims itself; false if its configuration is not readable. */
async function createsClaims(kubectl: Kubectl): Promise<boolean> {
	const output = ['-o', 'jsonpath={.data.autocreate-cluster-domain-claims}'];
	const { stdout } = await kubectl.attempt(['get', 'configmap/config-network', '-n', 'knative-serving', ...output]);
	return stdout.trim().toLowerCase() === 'true';
}

/**
 * Claims the host for the namespace. Does nothing if Knative creates claims itself
 * (`autocreate-cluster-domain-claims`). Never turns that setting on, because it applies to the whole cluster.
 * @throws {Failure} when another namespace has claimed the host, or we lack the right to claim it
 */
export async function claimHost(kubectl: Kubectl, deployment: Deployment): Promise<void> {
	const { host } = choicesOf(deployment);
	if (!host) return;
	const [found] = await kubectl.read<Claim>(claims, host);
	if (found && found.spec?.namespace !== deployment.namespace)
		throw new Failure('usage', `The namespace ${found.spec?.namespace} has already claimed the host ${host}.`);
	if (found || (await createsClaims(kubectl))) return;
	try {
		await kubectl.apply([domainClaim(host, deployment)]);
	} catch (cause) {
		throw new Failure(
			'environment',
			`Could not claim the host ${host}. Ask an administrator of the cluster to create a ClusterDomainClaim ${host} with spec.namespace ${deployment.namespace}, ` +
				`or to set autocreate-cluster-domain-claims: "true" in Knative's config-network.\n${cause instanceof Error ? cause.message : cause}`,
			{ cause },
		);
	}
}

/** Deletes the host claims that we made for the namespace, except that of `keep`. */
export async function releaseHosts(kubectl: Kubectl, keep?: string): Promise<void> {
	const { code, stdout } = await kubectl.attempt(['get', claims, '-l', oursSelector, '-o', 'json']);
	if (code !== 0) return; // If we cannot list them, we did not create any.
	const { items } = JSON.parse(stdout) as { items: Claim[] };
	const left = items.filter(({ metadata, spec }) => spec?.namespace === kubectl.namespace && metadata.name !== keep);
	if (left.length) await kubectl.run(['delete', claims, ...left.map(({ metadata }) => metadata.name)]);
}

/** Returns the shop's URL by its host, and a hint about DNS and TLS; nothing if no host is chosen. */
export async function tellHost(
	kubectl: Kubectl,
	deployment: Deployment,
): Promise<{ url: string; hint: string } | undefined> {
	const { host, ingress, tls } = choicesOf(deployment);
	if (!host) return undefined;
	const [mapping] = await kubectl.list('domainmappings.serving.knative.dev', ...named(host));
	const url = ingress === 'nginx' ? `http${tls ? 's' : ''}://${host}` : (mapping?.status?.url ?? `http://${host}`);
	const leads = `Point the DNS name ${host} to ${ingress === 'nginx' ? 'nginx' : 'Knative’s ingress'}`;
	const plain = url.startsWith('http:') ? ' The host has no TLS; see docs/ingress.md to add it.' : '';
	return { url, hint: `${leads}.${plain}` };
}
