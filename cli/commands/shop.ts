import { join } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { shop } from '../../shop.ts';
import { addDrillCommand } from './drill.ts';
import { action, data, images, namespace, number, port, root, since, trace, url } from './options.ts';

export function addShopCommands(program: Command): void {
	program
		.command('start')
		.description('Start the shop on this machine, or a stopped one on the cluster')
		.addOption(new Option('--on <place>', 'place where the shop runs').choices(['laptop', 'cluster']))
		.option('--port <port>', 'port of the page and the API; if taken, the next free one', port, 3000)
		.option(
			'--idle <seconds>',
			'time without requests after which an instance is stopped',
			number('--idle', { whole: false }),
			30,
		)
		.option('--fresh', 'start with an empty shop', false)
		.option(...data)
		.option(...namespace)
		.addOption(images)
		.action(async (options) => {
			if ((await import('../place/place.ts')).isHere(options) === false)
				return await action(async () => (await import('../../k8s/commands/stop.ts')).resume(options))();
			const { start } = await (await import('../../local/start/load.ts')).loadShop();
			await start({ ...options, data: options.data ?? join(root, '.data') });
		});

	program
		.command('stop')
		.description('Stop the shop and keep its data: the open one on this machine, else the one of the kube context')
		.option(...data)
		.option(...namespace)
		.action(action(async (_stop, options) => (await import('../stop.ts')).stop(options)));

	program
		.command('open')
		.description('Open the shop in a browser: the open one on this machine, else the one of the kube context')
		.option('--port <port>', 'local port for the shop of the kube context', port, 8080)
		.option('--no-browser', 'only print the address')
		.option(...data)
		.option(...namespace)
		.action(action(async (stop, options) => (await import('../open.ts')).open(options, stop)));

	program
		.command('status')
		.description("Show the shop's health: of the open one on this machine, else of the one of the kube context")
		.option(...data)
		.option(...namespace)
		.option('--json', 'print JSON')
		.action(action(async (stop, options) => (await import('../status.ts')).status(options, stop)));

	program
		.command('logs')
		.description('Print the logs of functions: of the open shop on this machine, else of the one of the kube context')
		.argument('[function...]', 'print only the logs of these functions')
		.option('-f, --follow', 'wait for new lines')
		.option(
			'--tail <lines>',
			'number of past lines of each instance (default: 50; all with --since or --trace)',
			number('--tail'),
		)
		.option('--since <time>', 'print only lines since then: a duration such as 10m, or a time', since)
		.option('--trace <id>', 'print only lines of a trace: the first digits of its id', trace)
		.option(...data)
		.option(...namespace)
		.action(
			action(async (stop, names, { tail, ...options }) => {
				const most = tail ?? (options.since || options.trace ? Number.POSITIVE_INFINITY : 50);
				await (await import('../logs.ts')).logs(names, { ...options, tail: most }, stop);
			}),
		);

	program
		.command('events')
		.description('Show the last events and their deliveries')
		.option('-f, --follow', 'wait for new events')
		.option('--limit <number>', 'number of events', number('--limit', { least: 1, most: 1000 }), 20)
		.option(...url)
		.option(...data)
		.option(...namespace)
		.option('--json', 'print each event as a line of JSON')
		.action(action(async (stop, options) => (await import('../events.ts')).events(options, stop)));

	addDrillCommand(program);

	program
		.command('admin')
		.description('Manage the admins of the shop')
		.command('password')
		.description(
			'Give an admin a new password, a random one or ADMIN_PASSWORD: in the shop on this machine, open or closed, else in the one of the kube context',
		)
		.argument('[email]', 'e-mail address of the admin', shop.firstAdmin)
		.addOption(new Option('--on <place>', 'place where the shop runs').choices(['laptop', 'cluster']))
		.option('--ask', 'ask for the new password on the terminal')
		.option(...data)
		.option(...namespace)
		.action(
			action(async (stop, email, options) =>
				(await import('../admin/password.ts')).setAdminPassword(email, options, stop),
			),
		);

	program
		.command('completion')
		.description('Print the completion script of a shell: source <(npx bodega completion bash)')
		.addArgument(new Argument('<shell>', 'shell to complete in').choices(['bash', 'zsh', 'fish']))
		.action(async (shell) => {
			process.stdout.write((await import('../completion.ts')).completion(program, shell));
		});
}
