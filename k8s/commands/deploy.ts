import { functions } from '../../functions/index.ts';
import { withRole } from '../../kit/declare/declare.ts';
import { shop } from '../../shop.ts';
import { findAddress } from '../cluster/address.ts';
import { removeOtherBroker } from '../cluster/broker-class.ts';
import { checkCluster } from '../cluster/check.ts';
import { claimHost, releaseHosts, tellHost } from '../cluster/domain.ts';
import { checkNeeds } from '../cluster/needs.ts';
import { readinessOf } from '../cluster/readiness.ts';
import { type ChoiceOptions, type Chosen, choose } from '../cluster/stored-choices.ts';
import { surroundings } from '../cluster/surroundings.ts';
import { buildImages, bundle } from '../images/build.ts';
import { wayFor } from '../images/load.ts';
import { nameImages } from '../images/names.ts';
import { differences } from '../kubectl/difference.ts';
import { type Plan, plan, planText } from '../kubectl/dry-run.ts';
import { onInterrupt } from '../kubectl/interrupt.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { printResult, type ReportOptions, step } from '../kubectl/progress.ts';
import { prune } from '../kubectl/prune.ts';
import { readSecrets } from '../kubectl/stored-secrets.ts';
import { waitReady } from '../kubectl/wait.ts';
import { choicesOf, type Deployment } from '../manifests/deployment.ts';
import { manifests } from '../manifests/manifests.ts';
import { namespaceObject } from '../manifests/namespace.ts';
import { type KubernetesObject, titleOf } from '../manifests/object.ts';
import { fingerprint, isFoundation, type StoredSecrets, secretName, secrets } from '../manifests/secret.ts';
import { closeKnative, isMonitored, openKnative } from '../monitoring/knative.ts';
import { monitoring } from '../monitoring/monitoring.ts';
import { asCanary } from './traffic.ts';

export interface DeployOptions extends ChoiceOptions, ReportOptions {
	/** How to bring images to the cluster: one of `ways` in images/load.ts. Detected when not given. */
	readonly images?: string | undefined;
	/** How long each step can take until its objects are ready, in seconds. */
	readonly timeout?: number | undefined;
	/** Prints what would be done, and changes nothing on the cluster. */
	readonly dryRun?: boolean | undefined;
	/** Unchanged when not given. */
	readonly monitoring?: boolean | undefined;
	/** The share of requests that new revisions get, in percent, until the canary is promoted or rolled back. */
	readonly canary?: number | undefined;
}

interface Deployed {
	readonly namespace: string;
	/** The shop's URL: under its own host if one is chosen, otherwise under the cluster's domain. */
	readonly url: string;
	/** The ingress's URL from this machine. Where the shop's host does not resolve, send it in the Host header. */
	readonly ingress: string;
	readonly images: readonly string[];
	/** The objects that were created or changed. */
	readonly changed: readonly string[];
	readonly removed: readonly string[];
	/** The choices taken over from the previous deployment, as command-line options. */
	readonly remembered: readonly string[];
	readonly hint?: string | undefined;
}

/**
 * Deploys the shop to the cluster of kubectl's context, and waits until all of it is ready. Safe to repeat: it applies
 * only objects that differ, and a changed function gets a new revision.
 * @throws {Failure} that says what is in the way and what to do about it
 */
export async function deploy(options: DeployOptions = {}): Promise<void> {
	const { namespace = shop.namespace } = options;
	const kubectl = new Kubectl(namespace);
	await checkCluster(kubectl, { namespace: false });
	const chosen = await choose(kubectl, options);
	await checkNeeds(kubectl, chosen.choices);
	const way = await wayFor(kubectl, options.images);
	await bundle();
	const images = nameImages(way.registry);
	const monitored = options.monitoring ?? (await isMonitored(kubectl));
	const wanted = [...images].filter(([name]) => monitored || name !== 'metrics').map(([, image]) => image);
	const missing = await way.missing(wanted);
	const url = options.database && process.env['DATABASE_URL'];
	const stored = await readSecrets(kubectl, chosen, url, options.archive ? process.env : undefined);
	const image = (name: string): string => images.get(name) as string;
	const databasePort = stored.externalUrl ? Number(new URL(stored.externalUrl).port || 5432) : undefined;
	const archiveUrl = stored.archive?.AWS_ENDPOINT_URL;
	const secrets = fingerprint(stored, chosen.choices);
	const deployment = { namespace, image, secrets, env: process.env, choices: chosen.choices, databasePort, archiveUrl };
	if (options.dryRun)
		return printResult(
			await planDeployment(kubectl, deployment, { stored, monitored }, missing),
			planText,
			options.json,
		);

	onInterrupt('What was deployed so far stays. Run the command again; it skips what is done.');
	await buildImages([...images].filter(([, image]) => missing.includes(image)));
	if (missing.length) await step(`${missing.length} images to the cluster (${way.name})`, () => way.bring(missing));
	const done = await apply(kubectl, deployment, { stored, monitored, chosen }, options);
	const address = await findAddress(kubectl);
	const at = { url: address.urlOf(withRole('gateway', functions).name), ingress: address.url };
	await address.close();
	const { remembered } = chosen;
	const host = await tellHost(kubectl, deployment);
	printResult({ namespace, ...at, ...host, images: [...images.values()], ...done, remembered }, tell, options.json);
}

/** Applies all objects in order: waits until the foundation is ready, then applies the functions. */
async function apply(
	kubectl: Kubectl,
	deployment: Deployment,
	{ stored, monitored, chosen }: { stored: StoredSecrets; monitored: boolean; chosen: Chosen },
	{ timeout = 300, canary }: DeployOptions,
): Promise<Pick<Deployed, 'changed' | 'removed'>> {
	const changed: string[] = [];
	const applyChanges = async (objects: readonly KubernetesObject[]): Promise<void> => {
		const found = (await differences(kubectl, objects)).map(({ object }) => object);
		if (found.length) await kubectl.apply(found);
		changed.push(...found.map(titleOf));
	};
	const secretObjects = await step('namespace and secrets', async () => {
		const namespace = namespaceObject(deployment);
		if (!(await kubectl.read('namespace', deployment.namespace)).length) {
			await kubectl.apply([namespace]);
			changed.push(titleOf(namespace));
		}
		const objects = secrets(functions, stored, deployment.choices, monitored);
		await applyChanges(objects.filter(isFoundation));
		return objects;
	});
	const foundation = [...manifests(functions, await completed(kubectl, deployment)).foundation.values()].flat();
	await step('database, migrations, broker', async () => {
		await removeFailed(kubectl, foundation);
		await removeOtherBroker(kubectl, chosen);
		await applyChanges(foundation);
		await removePending(kubectl, changed);
	});
	await waitReady('database, migrations, broker ready', kubectl, foundation, timeout);

	const rooms = [...manifests(functions, await completed(kubectl, deployment)).functions.values()].flat();
	await step('functions', async () => {
		await claimHost(kubectl, deployment);
		// After the migration, which gives the roles what a connection with such a URL needs.
		await applyChanges(secretObjects.filter((object) => !isFoundation(object)));
		await applyChanges(canary === undefined ? rooms : await asCanary(kubectl, rooms, canary));
	});
	await waitReady('functions ready', kubectl, rooms, timeout);
	const watch = monitored ? [...monitoring(deployment).values()].flat() : [];
	if (monitored) {
		await step('monitoring', async () => {
			await applyChanges(watch);
			changed.push(...(await openKnative(kubectl)));
		});
		// Does not wait for Grafana, because it only displays what Prometheus stores.
		const needed = watch.filter(({ metadata }) => metadata?.name !== 'grafana');
		await waitReady('monitoring ready', kubectl, needed, timeout);
	} else if (await isMonitored(kubectl)) await closeKnative(kubectl);
	const removed = await step('undeclared objects removed', async () => {
		const gone = await prune(kubectl, [...secretObjects, ...foundation, ...rooms, ...watch]);
		await releaseHosts(kubectl, choicesOf(deployment).host);
		return gone;
	});
	return { changed, removed };
}

/** Returns what `apply` would do. Uses the existing Broker's address, or the default one if there is no Broker yet. */
async function planDeployment(
	kubectl: Kubectl,
	deployment: Deployment,
	{ stored, monitored }: { stored: StoredSecrets; monitored: boolean },
	images: readonly string[],
): Promise<Plan> {
	const { foundation, functions: rooms } = manifests(functions, await completed(kubectl, deployment));
	const watch = monitored ? monitoring(deployment).values() : [];
	const objects = [
		...secrets(functions, stored, deployment.choices, monitored),
		...foundation.values(),
		...rooms.values(),
		...watch,
	].flat();
	return await step('dry run', () => plan(kubectl, objects, images));
}

/** Deletes failed Jobs, because applying an existing Job does not run it again. */
async function removeFailed(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<void> {
	const jobs = objects.filter(({ kind }) => kind === 'Job');
	const failed = (await readinessOf(kubectl, jobs)).filter((job) => job.failed).map(({ name }) => name);
	if (failed.length) await kubectl.run(['delete', 'jobs.batch', '-n', kubectl.namespace, ...failed]);
}

/** Deletes Postgres's Pod if it is pending, because the StatefulSet does not replace a pending Pod. */
async function removePending(kubectl: Kubectl, changed: readonly string[]): Promise<void> {
	const pending = ['-l', 'app.kubernetes.io/component=database', '--field-selector', 'status.phase=Pending'];
	if (changed.includes('StatefulSet postgres'))
		await kubectl.run(['delete', 'pods', '-n', kubectl.namespace, ...pending]);
}

const completed = async (kubectl: Kubectl, deployment: Deployment): Promise<Deployment> => ({
	...deployment,
	...(await surroundings(kubectl)),
});

const tell = ({ namespace, url, ingress, changed, removed, remembered, hint }: Deployed): string =>
	[
		changed.length
			? `${changed.length} ${changed.length === 1 ? 'object was' : 'objects were'} created or changed (--json names them)`
			: 'The cluster is up to date; nothing was changed.',
		...removed.map((name) => `removed ${name}, which is no longer declared`),
		...(remembered.length ? [`Options reused from the last deployment: ${remembered.join(' ')}`] : []),
		`The shop: ${url}`,
		...(hint ? [`  ${hint}`] : []),
		`  If its name does not resolve on this machine: curl -H 'Host: ${new URL(url).host}' ${ingress}`,
		`The first admin: ${shop.firstAdmin}. This prints the password:`,
		`  kubectl -n ${namespace} get secret ${secretName.admin} -o jsonpath='{.data.ADMIN_PASSWORD}' | base64 -d`,
		'',
	].join('\n');
