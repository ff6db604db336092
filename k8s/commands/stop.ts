import { shop } from '../../shop.ts';
import { providerOfContext } from '../cluster/provider.ts';
import { onInterrupt } from '../kubectl/interrupt.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { perform } from '../kubectl/run.ts';
import { oursSelector } from '../manifests/object.ts';
import { type DeployOptions, deploy } from './deploy.ts';

/**
 * The kinds that run instances or wake them. Triggers stay: when many are deleted together, Knative's channel can keep
 * some subscribed (seen with Eventing 1.23), and each event would become a dead letter for them.
 */
const active = 'pingsources.sources.knative.dev,services.serving.knative.dev';

/**
 * Stops the shop on the cluster of kubectl's context, and keeps its data. If `bodega create` created the cluster, stops
 * the whole cluster. On any other cluster, deletes the functions and scales Postgres to zero.
 * @throws {Failure} when the cluster refuses
 */
export async function stop(kubectl: Kubectl): Promise<void> {
	const { namespace } = kubectl;
	const restart = `npx bodega start -n ${namespace}`;
	const provider = providerOfContext(await kubectl.context());
	if (provider) return await step(`${provider.name} cluster stopped`, () => perform(provider.stop));
	onInterrupt(`The shop is stopped in part. Run the command again, or start the shop: ${restart}`);
	await step('functions stopped', () => stopFunctions(kubectl));
	await step('database stopped', async () => {
		for (const { metadata } of await kubectl.list('cronjobs.batch', '-l', oursSelector))
			await kubectl.run(['patch', `cronjob/${metadata.name}`, '-n', namespace, '-p', '{"spec":{"suspend":true}}']);
		await kubectl.run(['scale', 'statefulset/postgres', '-n', namespace, '--replicas=0']);
		await kubectl.run(['wait', 'pod/postgres-0', '-n', namespace, '--for=delete', '--timeout=60s']);
	});
	process.stdout.write(`The shop is stopped; its data is still there. To start it again: ${restart}\n`);
}

/** Deletes the functions and their PingSources, and waits until no instance is left. */
export async function stopFunctions(kubectl: Kubectl): Promise<void> {
	await kubectl.run(['delete', active, '-n', kubectl.namespace, '-l', oursSelector]);
	// Ends instances before their 300 s grace period is over. No event is lost, because the outbox stores each one.
	const instances = ['pods', '-l', 'app.kubernetes.io/component=function'];
	do await kubectl.run(['delete', ...instances, '-n', kubectl.namespace, '--grace-period=10']);
	while ((await kubectl.list('pods', ...instances.slice(1))).length > 0);
}

/** Starts a stopped shop again, after its cluster if that is ours. @throws {Failure} as `deploy` does */
export async function resume(options: DeployOptions): Promise<void> {
	const provider = providerOfContext(await new Kubectl(options.namespace ?? shop.namespace).context());
	if (provider) await step(`${provider.name} cluster started`, () => perform(provider.start));
	await deploy(options);
}
