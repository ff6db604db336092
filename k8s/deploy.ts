import { firstAdmin } from '../database/first-admin.ts';
import { functions } from '../functions/index.ts';
import { findAddress } from './address.ts';
import { buildImages, bundle } from './build.ts';
import { checkCluster } from './cluster.ts';
import { nameImages } from './image.ts';
import { wayFor } from './images.ts';
import { readKept } from './kept.ts';
import { Kubectl } from './kubectl.ts';
import { manifests } from './manifests/manifests.ts';
import { namespaceObject } from './manifests/namespace.ts';
import type { KubernetesObject } from './manifests/object.ts';
import { broker, defaultNamespace, type Place } from './manifests/place.ts';
import { secretName, secrets } from './manifests/secret.ts';
import { step } from './progress.ts';
import { prune } from './prune.ts';
import { readinessOf } from './readiness.ts';
import { waitReady } from './wait.ts';

export interface DeployOptions {
	/** How images reach the cluster, as `ways` in images.ts says; found out when not given. */
	readonly images?: string | undefined;
	readonly namespace?: string | undefined;
	/** Tells the result as JSON instead of prose. */
	readonly json?: boolean | undefined;
	/** How long each step may take until all is ready, in seconds. */
	readonly timeout?: number | undefined;
}

/** What has come out of a deployment. */
export interface Deployed {
	readonly namespace: string;
	/** The shop's own URL, by the cluster's domain. */
	readonly url: string;
	/** Where the cluster's ingress answers from here; send the URL's host as the Host header when the name does not resolve. */
	readonly ingress: string;
	readonly images: readonly string[];
	readonly removed: readonly string[];
}

/**
 * Brings the shop to the cluster of kubectl's context, and waits until all of it is ready. Safe to repeat: what is as it
 * should be is left alone.
 * @throws {Failure} that says what is in the way and what to do about it
 */
export async function deploy(options: DeployOptions = {}): Promise<Deployed> {
	const { namespace = defaultNamespace, timeout = 300 } = options;
	const kubectl = new Kubectl(namespace);
	await step('cluster', () => checkCluster(kubectl));
	const images = await bringImages(kubectl, options.images);
	const place = { namespace, image: (name: string) => images.get(name) as string, env: process.env };

	const secretObjects = await step('namespace and secrets', async () => {
		await kubectl.apply([namespaceObject(place)]);
		const objects = secrets(functions, await readKept(kubectl));
		await kubectl.apply(objects);
		return objects;
	});
	const foundation = [...manifests(functions, place).foundation.values()].flat();
	await step('database, migrations, broker', async () => {
		await removeFailed(kubectl, foundation);
		await kubectl.apply(foundation);
	});
	await waitReady('database, migrations, broker ready', kubectl, foundation, timeout);

	const rooms = [...manifests(functions, await completed(kubectl, place)).functions.values()].flat();
	await step('functions', () => kubectl.apply(rooms));
	await waitReady('functions ready', kubectl, rooms, timeout);

	const removed = await step('what is no longer declared', () =>
		prune(kubectl, [...secretObjects, ...foundation, ...rooms]),
	);
	const address = await findAddress({ namespace });
	const deployed = {
		namespace,
		url: address.urlOf('gateway'),
		ingress: address.url,
		images: [...images.values()],
		removed,
	};
	await address.close();
	process.stdout.write(options.json ? `${JSON.stringify(deployed, null, '\t')}\n` : tell(deployed));
	return deployed;
}

/** Builds and loads the images that the cluster lacks. Answers with all of them, by function. */
async function bringImages(kubectl: Kubectl, asked: string | undefined): Promise<ReadonlyMap<string, string>> {
	const way = await wayFor(kubectl, asked);
	await bundle();
	const images = nameImages(way.registry);
	const missing = await way.missing([...images.values()]);
	await buildImages([...images].filter(([, image]) => missing.includes(image)));
	if (missing.length) await step(`${missing.length} images to the cluster (${way.name})`, () => way.bring(missing));
	return images;
}

/** A Job that has failed would stay as it is; without it the next one gets its chance. */
async function removeFailed(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<void> {
	const jobs = await readinessOf(
		kubectl,
		objects.filter(({ kind }) => kind === 'Job'),
	);
	const failed = jobs.filter((job) => job.failed).map(({ name }) => name);
	if (failed.length) await kubectl.run(['delete', 'jobs.batch', '-n', kubectl.namespace, ...failed]);
}

/** Where the Broker takes events depends on its class; its status tells. Knative's version is a label of what defines its kinds. */
async function completed(kubectl: Kubectl, place: Place): Promise<Place> {
	const [found] = await kubectl.list('brokers.eventing.knative.dev', '--field-selector', `metadata.name=${broker}`);
	const label = 'jsonpath={.metadata.labels.app\\.kubernetes\\.io/version}';
	// Whoever may deploy into a namespace need not be let see what is the cluster's.
	const { stdout } = await kubectl.attempt(['get', 'crd/services.serving.knative.dev', '-o', label]);
	return { ...place, sink: found?.status?.address?.url, knative: stdout.trim() || undefined };
}

const tell = ({ namespace, url, ingress, removed }: Deployed): string =>
	[
		...removed.map((name) => `removed ${name}, which is no longer declared`),
		`The shop: ${url}`,
		`  If that name does not resolve here: curl -H 'Host: ${new URL(url).host}' ${ingress}`,
		`The first admin: ${firstAdmin}, with the password that this tells:`,
		`  kubectl -n ${namespace} get secret ${secretName.admin} -o jsonpath='{.data.ADMIN_PASSWORD}' | base64 -d`,
		'',
	].join('\n');
