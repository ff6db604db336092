import { type Command, Option } from 'commander';
import { choices, images, namespace, number, percent, timeout } from './options.ts';

/** What an operator does with a cluster. */
export function addClusterCommands(program: Command): void {
	program
		.command('doctor')
		.description('look at all that the shop needs on a cluster, and tell how to mend what is amiss')
		.option(...namespace)
		.option('--json', 'tell it as JSON')
		.action(async (options) => {
			process.exitCode = await (await import('../../k8s/commands/doctor.ts')).doctor(options);
		});

	program
		.command('create')
		.description('make a cluster with Knative, and bring the shop to it')
		.option(...namespace)
		.addOption(
			new Option('--on <what>', 'what makes the cluster; current takes that of the kube context')
				.choices(['minikube', 'kind', 'k3s', 'current'])
				.default('minikube'),
		)
		.addOption(images)
		.option(...timeout)
		.option('--dry-run', 'tell what would be run, and do nothing')
		.option('--json', 'tell the result as JSON')
		.action(async (options) => await (await import('../../k8s/commands/create.ts')).create(options));

	program
		.command('build')
		.description('make the images of all functions, with Docker')
		.option('--registry <registry>', 'name the images for a registry, e.g. ghcr.io/me')
		.action(async (options) => void (await (await import('../../k8s/images/build.ts')).build(options)));

	program
		.command('push')
		.description('make the images, with where they are from in their labels, and push them to a registry')
		.argument('<registry>', 'one you may push to: docker.io/me, ghcr.io/me')
		.option('--latest', 'tag them latest too')
		.action(async (registry, options) => await (await import('../../k8s/images/push.ts')).push(registry, options));

	const deploy = program
		.command('deploy')
		.description('bring the shop to the Knative cluster of the current kube context, and wait until all is ready')
		.option(...namespace)
		.addOption(images)
		.option(...timeout)
		.option('--dry-run', 'tell what would be applied, and do nothing')
		.option('--monitoring', 'with Prometheus and Grafana; a shop that has them keeps them')
		.option('--no-monitoring', 'without them')
		.option('--canary <percent>', 'let new revisions have a share of the requests, 10% for instance', percent)
		.addOption(
			new Option('--promote', 'end the canary: all requests to the new revisions').conflicts(['rollback', 'canary']),
		)
		.addOption(new Option('--rollback', 'end the canary: all requests to the revisions before').conflicts('canary'))
		.option('--json', 'tell the result as JSON')
		.action(async ({ promote, rollback, ...options }) => {
			if (promote || rollback)
				return await (await import('../../k8s/kubectl/rollout.ts')).endCanary(
					promote ? 'promote' : 'rollback',
					options,
				);
			await (await import('../../k8s/commands/deploy.ts')).deploy(options);
		});
	for (const choice of choices) deploy.addOption(choice);

	program
		.command('status')
		.description('tell how the shop on the cluster is')
		.option(...namespace)
		.option('--json', 'tell it as JSON')
		.action(async (options) => {
			const { ready } = await (await import('../../k8s/commands/status.ts')).status(options);
			process.exitCode = ready ? 0 : 5;
		});

	program
		.command('logs')
		.description('tell what the functions on the cluster log')
		.argument('[function]', 'of one of them')
		.option(...namespace)
		.option('-f, --follow', 'go on with what comes')
		.option('--tail <lines>', 'how many lines of what each instance has said already', number, 50)
		.action(async (fn, options) => {
			const [{ logs }, { interruptible }] = await Promise.all([
				import('../../k8s/commands/logs.ts'),
				import('../interrupt.ts'),
			]);
			await interruptible((stop) => logs(fn, options, stop));
		});

	program
		.command('secrets')
		.description('look after the Secrets of the shop on the cluster')
		.command('rotate')
		.description('give the database’s roles new passwords, and every function with them')
		.option(...namespace)
		.addOption(images)
		.option(...timeout)
		.action(async (options) => await (await import('../../k8s/commands/rotate.ts')).rotate(options));

	program
		.command('backup')
		.description('dump the database on the cluster into a file, or fetch a nightly dump')
		.option(...namespace)
		.option('-o, --output <file>', 'the file; named by the namespace and the time if not said')
		.option('--nightly [date]', 'fetch the nightly dump of a date, 2026-11-25 for instance, or the newest')
		.option('--json', 'tell the result as JSON')
		.action(async (options) => await (await import('../../k8s/commands/backup.ts')).backup(options));

	program
		.command('restore')
		.description('put the data of a dump in place of those of the shop on the cluster')
		.argument('<file>', 'made by bodega backup')
		.option(...namespace)
		.addOption(images)
		.option(...timeout)
		.option('--yes', 'do not ask')
		.action(async (file, options) => await (await import('../../k8s/commands/restore.ts')).restore(file, options));

	program
		.command('destroy')
		.description('take the shop off the cluster, its data too')
		.option(...namespace)
		.option('--cluster', 'delete the whole cluster of the kube context, that bodega create made')
		.option('--yes', 'do not ask')
		.action(async (options) => await (await import('../../k8s/commands/destroy.ts')).destroy(options));
}
