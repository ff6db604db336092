import { shop } from '../../shop.ts';
import { releaseHosts } from '../cluster/domain.ts';
import { providerOfContext } from '../cluster/provider.ts';
import { Failure } from '../kubectl/failure.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { perform } from '../kubectl/run.ts';
import { ours } from '../manifests/object.ts';
import { closeKnative, isMonitored } from '../monitoring/knative.ts';
import { confirm } from './confirm.ts';

export interface DestroyOptions {
	readonly namespace?: string | undefined;
	/** The whole cluster, that `bodega create` made. */
	readonly cluster?: boolean | undefined;
	/** Does not ask. */
	readonly yes?: boolean | undefined;
}

/** Deletes what was asked for, once that is confirmed. @throws {Failure} when it was not made here, or is not confirmed */
export async function destroy(options: DestroyOptions = {}): Promise<void> {
	const kubectl = new Kubectl(options.namespace ?? shop.namespace);
	await (options.cluster ? destroyCluster(kubectl, options) : destroyShop(kubectl, options));
}

/** Deletes the cluster of kubectl's context with everything on it. */
async function destroyCluster(kubectl: Kubectl, { yes }: DestroyOptions): Promise<void> {
	const context = await kubectl.context();
	const provider = providerOfContext(context);
	if (!provider)
		throw new Failure(
			'usage',
			`The cluster of kubectl's context "${context}" was not made by bodega create, so it is left alone. ` +
				'bodega destroy without --cluster takes the shop off it.',
		);
	await confirm(
		yes,
		`Delete the ${provider.name} cluster of the context ${context} with everything on it? bodega backup takes a copy of the data.`,
		'Nothing was deleted.',
	);
	await step(`${provider.name} cluster deleted`, () => perform(provider.remove));
}

/** Deletes the namespace with everything in it, the data too. */
async function destroyShop(kubectl: Kubectl, { yes }: DestroyOptions): Promise<void> {
	const { namespace } = kubectl;
	const [found] = await kubectl.read<{ metadata: { labels?: Record<string, string> } }>('namespace', namespace);
	if (!found) {
		process.stderr.write(`There is no namespace ${namespace}; nothing is to be destroyed.\n`);
		return;
	}
	if (Object.entries(ours).some(([label, value]) => found.metadata.labels?.[label] !== value))
		throw new Failure('usage', `The namespace ${namespace} was not made by bodega deploy, so it is left alone.`);
	await confirm(
		yes,
		`Delete the namespace ${namespace} and all its data, its nightly backups too? bodega backup takes a copy of them.`,
		'Nothing was deleted.',
	);
	if (await isMonitored(kubectl)) await closeKnative(kubectl);
	await step('functions and database stopped', () => stop(kubectl));
	await step(`namespace ${namespace} deleted`, () =>
		kubectl.run(['delete', 'namespace', namespace, '--wait', '--timeout=300s']),
	);
	await releaseHosts(kubectl);
}

/**
 * Ends all instances at once: nobody is left to publish to, so nothing is gained by letting them finish. A namespace that
 * is deleted with instances in it first waits for half the 300 s that they are granted.
 */
async function stop(kubectl: Kubectl): Promise<void> {
	const inNamespace = ['--all', '-n', kubectl.namespace];
	// Where Knative has been taken away before the shop, there are none of its Services, nor is their kind known.
	await kubectl.attempt(['delete', 'services.serving.knative.dev', ...inNamespace]);
	await kubectl.run(['delete', 'deployments.apps,statefulsets,jobs', ...inNamespace]);
	do await kubectl.run(['delete', 'pods', ...inNamespace, '--grace-period=1']);
	while ((await kubectl.list('deployments,pods')).length > 0);
}
