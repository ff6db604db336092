import { Argument, type Command, Option } from 'commander';
import { shop } from '../../shop.ts';
import { data, images, namespace, number, port, url } from './options.ts';

export function addShopCommands(program: Command): void {
	program
		.command('start')
		.description('Start the shop on this machine, or a stopped one on the cluster')
		.addOption(new Option('--on <place>', 'place where the shop runs').choices(['laptop', 'cluster']).default('laptop'))
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
		.action(async ({ on, ...options }) => {
			if (on === 'cluster') await (await import('../../k8s/commands/stop.ts')).resume(options);
			else await (await import('../../local/main.ts')).start(options);
		});

	program
		.command('stop')
		.description('Stop the shop and keep its data: the one on this machine, else the one of the kube context')
		.option(...data)
		.option(...namespace)
		.action(async (options) => {
			const { stopRunning } = await import('../../local/running.ts');
			if (!(await stopRunning(options.data))) await (await import('../../k8s/commands/stop.ts')).stop(options);
		});

	program
		.command('open')
		.description('Open the shop in a browser: the one on this machine, else the one of the kube context')
		.option('--port <port>', 'local port for the shop of the kube context', port, 8080)
		.option('--no-browser', 'only print the address')
		.option(...data)
		.option(...namespace)
		.action(async (options) => {
			process.exitCode = await (await import('../open.ts')).open(options);
		});

	program
		.command('events')
		.description('Show the last events and their deliveries')
		.option('-f, --follow', 'wait for new events')
		.option('--limit <number>', 'number of events', number('--limit'), 20)
		.option(...url)
		.option(...data)
		.option(...namespace)
		.option('--json', 'print each event as a line of JSON')
		.action(async (options) => {
			process.exitCode = await (await import('../events.ts')).events(options);
		});

	program
		.command('drill')
		.description(
			'Break a function on purpose, place orders, repair it, and check that no event is lost or handled twice',
		)
		.argument('[function]', 'function that handles events of an order (default: the first of them)')
		.option('--orders <number>', 'number of orders to place', number('--orders'), 3)
		.option(...url)
		.option(...data)
		.option(...namespace)
		.option('--json', 'print the result as JSON')
		.action(async (fn, options) => {
			process.exitCode = await (await import('../drill/drill.ts')).drill(fn, options);
		});

	program
		.command('admin')
		.description('Manage the admins of the shop')
		.command('password')
		.description('Give an admin a new password: a random one, or ADMIN_PASSWORD')
		.argument('[email]', 'e-mail address of the admin', shop.firstAdmin)
		.addOption(new Option('--on <place>', 'place where the shop runs').choices(['laptop', 'cluster']).default('laptop'))
		.option('--ask', 'ask for the new password on the terminal')
		.option(...data)
		.option(...namespace)
		.action(async (email, options) => {
			process.exitCode = await (await import('../admin/password.ts')).setAdminPassword(email, options);
		});

	program
		.command('completion')
		.description('Print the completion script of a shell: source <(npx bodega completion bash)')
		.addArgument(new Argument('<shell>', 'shell to complete in').choices(['bash', 'zsh', 'fish']))
		.action(async (shell) => {
			process.stdout.write((await import('../completion.ts')).completion(program, shell));
		});
}
