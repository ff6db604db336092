import { releaseHosts } from '../cluster/domain.ts';
import { providerOfContext } from '../cluster/provider.ts';
import { Failure } from '../kubectl/failure.ts';
import { onInterrupt } from '../kubectl/interrupt.ts';
import { Kubectl, type LiveObject } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { perform } from '../kubectl/run.ts';
import { ours } from '../manifests/object.ts';
import { closeKnative, isMonitored } from '../monitoring/knative.ts';
import { confirm } from './confirm.ts';

interface DestroyOptions {
	readonly yes?: boolean | undefined;
}

/** Deletes the cluster of the context. @throws {Failure} when Bodega did not create it, or the user does not confirm */
export async function destroyCluster({ yes }: DestroyOptions): Promise<void> {
	const context = await new Kubectl('').context();
	const provider = providerOfContext(context);
	if (!provider)
		throw new Failure(
			'usage',
			`The cluster of kubectl's context "${context}" was not created by bodega create, so it was not deleted. ` +
				'To delete only the shop, run bodega destroy without --cluster.',
		);
	await confirm(
		yes,
		`Delete the ${provider.name} cluster of the context ${context} with everything on it? To save the data first, run bodega backup.`,
		'Nothing was deleted.',
	);
	await step(`${provider.name} cluster deleted`, () => perform(provider.remove));
}

/** Deletes the shop and its namespace. @throws {Failure} when Bodega did not create it, or the user does not confirm */
export async function destroyShop(kubectl: Kubectl, { yes }: DestroyOptions): Promise<void> {
	const { namespace } = kubectl;
	const [found] = await kubectl.read<LiveObject>('namespace', namespace);
	if (Object.entries(ours).some(([label, value]) => found?.metadata.labels?.[label] !== value))
		throw new Failure('usage', `The namespace ${namespace} was not created by bodega deploy, so it was not deleted.`);
	await confirm(
		yes,
		`Delete the namespace ${namespace} with all its data, including the nightly backups? To save the data first, run bodega backup.`,
		'Nothing was deleted.',
	);
	onInterrupt('The shop is deleted in part. Run the command again.');
	if (await isMonitored(kubectl)) await closeKnative(kubectl);
	await step('functions and database stopped', () => stop(kubectl));
	await step(`namespace ${namespace} deleted`, () =>
		kubectl.run(['delete', 'namespace', namespace, '--wait', '--timeout=300s']),
	);
	await releaseHosts(kubectl);
}

/** The kinds of Knative that create instances, each after its owners, because a controller replaces what it misses. */
const knative = ['services', 'configurations', 'routes', 'revisions'].map((kind) => `${kind}.serving.knative.dev`);

/**
 * Ends all instances with a grace period of 1 s. Letting them finish gains nothing, because all data is about to be
 * deleted. Deletes their creators alone before: otherwise the cluster deletes the instances too, with a grace period of 300 s, and
 * kubelet ignores a shorter one later (kubernetes/kubernetes issue 83916).
 */
async function stop(kubectl: Kubectl): Promise<void> {
	const inNamespace = ['--all', '-n', kubectl.namespace];
	const alone = ['--cascade=orphan', '--wait=false'];
	// This fails if Knative was uninstalled before the shop: the cluster then has no such kinds.
	await kubectl.attempt(['delete', knative.join(), ...inNamespace, ...alone]);
	await kubectl.run([
		'delete',
		'deployments.apps,replicasets.apps,statefulsets.apps,jobs.batch',
		...inNamespace,
		...alone,
	]);
	do await kubectl.run(['delete', 'pods', ...inNamespace, '--grace-period=1']);
	while ((await kubectl.list('deployments,pods')).length > 0);
}
