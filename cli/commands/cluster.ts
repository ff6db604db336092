import { type Command, Option } from 'commander';
import { examples } from '../help.ts';
import { action, choices, data, images, namespace, percent, timeout } from './options.ts';

export function addClusterCommands(program: Command): void {
	program.commandsGroup('Run it on a cluster:');
	program
		.command('doctor')
		.summary('check what it needs')
		.description('Check everything that the shop needs on a cluster, and suggest fixes')
		.option(...namespace)
		.option('--json', 'print JSON')
		.addHelpText(
			'after',
			examples({
				'npx bodega doctor': 'names what is missing, and how to get it',
			}),
		)
		.action(action(async (_stop, options) => (await import('../../k8s/commands/doctor.ts')).doctor(options)));

	program
		.command('create')
		.summary('create a cluster with it')
		.description('Create a cluster with Knative and deploy the shop to it')
		.option(...namespace)
		.addOption(
			new Option('--on <what>', 'tool that creates the cluster; current uses the cluster of the kube context')
				.choices(['minikube', 'kind', 'k3s', 'current'])
				.default('minikube'),
		)
		.addOption(images)
		.option(...timeout)
		.option('--dry-run', 'show the steps without running them')
		.option('--json', 'print the result as JSON')
		.addHelpText(
			'after',
			examples({
				'npx bodega create': 'creates a Minikube cluster',
				'npx bodega create --on kind --dry-run': 'shows what it would do with kind',
			}),
		)
		.action(action(async (_stop, options) => (await import('../../k8s/commands/create.ts')).create(options)));

	program
		.command('build')
		.summary('build its images')
		.description('Build the images of all functions with Docker')
		.option('--registry <registry>', 'registry in the image names, such as ghcr.io/me')
		.addHelpText(
			'after',
			examples({
				'npx bodega build': 'builds images for a cluster on this machine',
			}),
		)
		.action(action(async (_stop, options) => (await import('../../k8s/images/build.ts')).build(options)));

	program
		.command('push')
		.summary('push its images')
		.description('Build the images with their origin in the labels, and push them to a registry')
		.argument('<registry>', 'registry you can push to, such as docker.io/me or ghcr.io/me')
		.option('--latest', 'also tag them latest')
		.addHelpText(
			'after',
			examples({
				'npx bodega push ghcr.io/me --latest': 'pushes images that are also tagged latest',
			}),
		)
		.action(
			action(async (_stop, registry, options) => (await import('../../k8s/images/push.ts')).push(registry, options)),
		);

	const deploy = program
		.command('deploy')
		.summary('deploy it or an update')
		.description('Deploy the shop to the cluster of the kube context, and wait until it is ready')
		.option(...namespace)
		.addOption(images)
		.option(...timeout)
		.option('--dry-run', 'show the changes without applying them')
		.option('--monitoring', 'Prometheus and Grafana; --no-monitoring removes them')
		.addOption(new Option('--no-monitoring', 'remove Prometheus and Grafana').hideHelp())
		.option('--canary <percent>', 'share of requests for new revisions, such as 10%', percent)
		.addOption(
			new Option('--promote', 'send all requests to the canary; --rollback sends none').conflicts([
				'rollback',
				'canary',
			]),
		)
		.addOption(
			new Option('--rollback', 'end the canary: all requests to the old revisions').conflicts('canary').hideHelp(),
		)
		.option('--json', 'print the result as JSON')
		.addHelpText('after', examples({ 'npx bodega deploy --canary 10%': 'sends a tenth to the new revisions' }))
		.action(
			action(async (_stop, { promote, rollback, ...options }) => {
				if (promote || rollback)
					return (await import('../../k8s/commands/rollout.ts')).endCanary(promote ? 'promote' : 'rollback', options);
				await (await import('../../k8s/commands/deploy.ts')).deploy(options);
			}),
		);
	for (const choice of choices) deploy.addOption(choice);

	program
		.command('secrets')
		.summary('renew its passwords')
		.description('Manage the Secrets of the shop on the cluster')
		.command('rotate')
		.description('Give the database roles and their functions new passwords')
		.option(...namespace)
		.addOption(images)
		.option(...timeout)
		.addHelpText(
			'after',
			examples({
				'npx bodega secrets rotate': 'renews every password of the database',
			}),
		)
		.action(action(async (_stop, options) => (await import('../../k8s/commands/rotate.ts')).rotate(options)));

	program
		.command('backup')
		.summary('dump its database')
		.description('Dump the database on the cluster to a file, or fetch a nightly dump')
		.option(...data)
		.option(...namespace)
		.option('-o, --output <file>', 'output file (default: named after the namespace and the time)')
		.option('--nightly [date]', 'fetch the nightly dump of a date, such as 2026-11-25, or the newest one')
		.option('--json', 'print the result as JSON')
		.addHelpText(
			'after',
			examples({
				'npx bodega backup -o shop.dump': 'dumps the database',
				'npx bodega backup --nightly': 'fetches the newest nightly dump',
			}),
		)
		.action(
			action(async (_stop, options) => {
				const kubectl = await (await import('../place/place.ts')).chooseCluster(options, 'backup');
				await (await import('../../k8s/commands/backup.ts')).backup(kubectl, options);
			}),
		);

	program
		.command('restore')
		.summary('restore a dump')
		.description('Replace the data of the shop on the cluster with a dump')
		.argument('<file>', 'dump created by bodega backup')
		.option(...data)
		.option(...namespace)
		.addOption(images)
		.option(...timeout)
		.option('--yes', 'skip the confirmation')
		.addHelpText(
			'after',
			examples({
				'npx bodega restore shop.dump': 'asks, then replaces all data',
			}),
		)
		.action(
			action(async (_stop, file, options) => {
				const kubectl = await (await import('../place/place.ts')).chooseCluster(options, 'restore');
				await (await import('../../k8s/commands/restore.ts')).restore(kubectl, file, options);
			}),
		);

	program
		.command('destroy')
		.summary('delete it and its data')
		.description('Delete the shop and its data: the open one on this machine, else the one of the kube context')
		.option(...data)
		.option(...namespace)
		.option('--cluster', 'delete the whole cluster of the kube context, if bodega create made it')
		.option('--yes', 'skip the confirmation')
		.addHelpText(
			'after',
			examples({
				'npx bodega destroy': 'asks, then deletes the shop',
				'npx bodega destroy --cluster --yes': 'deletes the cluster too, without asking',
			}),
		)
		.action(action(async (_stop, options) => (await import('../destroy.ts')).destroy(options)));
}
