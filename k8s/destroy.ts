import { confirm } from './confirm.ts';
import { releaseHosts } from './domain.ts';
import { Failure } from './failure.ts';
import { Kubectl } from './kubectl.ts';
import { ours } from './manifests/object.ts';
import { defaultNamespace } from './manifests/place.ts';
import { closeKnative, isMonitored } from './monitoring/knative.ts';
import { step } from './progress.ts';

export interface DestroyOptions {
	readonly namespace?: string | undefined;
	/** Does not ask. */
	readonly yes?: boolean | undefined;
}

/** Deletes the namespace with everything in it, the data too, once that is confirmed. Answers whether there was one. */
export async function destroy({ namespace = defaultNamespace, yes }: DestroyOptions = {}): Promise<boolean> {
	const kubectl = new Kubectl(namespace);
	const [found] = await kubectl.read<{ metadata: { labels?: Record<string, string> } }>('namespace', namespace);
	if (!found) {
		process.stderr.write(`There is no namespace ${namespace}; nothing is to be destroyed.\n`);
		return false;
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
	return true;
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
