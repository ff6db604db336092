import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { shop } from '../../shop.ts';
import { examples } from '../help.ts';
import { addDrillCommand } from './drill.ts';
import { action, data, images, namespace, number, port, root, since, trace, url } from './options.ts';

export function addShopCommands(program: Command): void {
	program.commandsGroup('Use the shop, on this machine or on a cluster:');
	program
		.command('start')
		.summary('open it')
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
		.option('--inspect <name...>', 'let debuggers attach: NAME or NAME:PORT (from 9229)')
		.option('--types', 'check types on a save (default: on a terminal)')
		.option('--no-types', 'do not check them')
		.option('--minify', 'run the bundles of the images, without source maps', false)
		.option(...data)
		.option(...namespace)
		.addOption(images)
		.addHelpText(
			'after',
			examples({
				'npx bodega start': 'opens the shop at http://localhost:3000',
				'npx bodega start --port 4000 --fresh': 'opens an empty shop at port 4000',
				'npx bodega start --inspect users': 'lets a debugger attach to users',
			}),
		)
		.action(async (options) => {
			if ((await import('../place/place.ts')).isHere(options) === false)
				return await action(async () => (await import('../../k8s/commands/stop.ts')).resume(options))();
			const { loadShop } = await import('../../local/start/load.ts');
			const { start } = await loadShop(options.minify ? 'image' : 'laptop');
			await start({ ...options, data: options.data ?? join(root, '.data') });
		});

	program
		.command('stop')
		.summary('close it, keep its data')
		.description('Stop the shop and keep its data: the open one on this machine, else the one of the kube context')
		.option(...data)
		.option(...namespace)
		.addHelpText(
			'after',
			examples({
				'npx bodega stop': 'closes the open shop',
				'npx bodega stop -n bodega': 'stops the shop in this namespace of a cluster',
			}),
		)
		.action(action(async (_stop, options) => (await import('../stop.ts')).stop(options)));

	program
		.command('open')
		.summary('show it in a browser')
		.description('Open the shop in a browser: the open one on this machine, else the one of the kube context')
		.option('--port <port>', 'local port for the shop of the kube context', port, 8080)
		.option('--no-browser', 'only print the address')
		.option(...data)
		.option(...namespace)
		.addHelpText(
			'after',
			examples({
				'npx bodega open': 'opens the page in a browser',
				'npx bodega open --no-browser': 'prints the address',
			}),
		)
		.action(action(async (stop, options) => (await import('../open.ts')).open(options, stop)));

	program
		.command('status')
		.summary('show its health')
		.description("Show the shop's health: of the open one on this machine, else of the one of the kube context")
		.option(...data)
		.option(...namespace)
		.option('--json', 'print JSON')
		.addHelpText(
			'after',
			examples({
				'npx bodega status': 'shows functions, database and events',
				'npx bodega status --json': 'prints the same for a script',
			}),
		)
		.action(action(async (stop, options) => (await import('../status.ts')).status(options, stop)));

	program
		.command('logs')
		.summary('print what functions log')
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
		.addHelpText(
			'after',
			examples({
				'npx bodega logs users -f': 'follows the function users',
				'npx bodega logs --since 10m --trace 0af76519': 'prints one request everywhere',
			}),
		)
		.action(
			action(async (stop, names, { tail, ...options }) => {
				const most = tail ?? (options.since || options.trace ? Number.POSITIVE_INFINITY : 50);
				await (await import('../logs.ts')).logs(names, { ...options, tail: most }, stop);
			}),
		);

	program
		.command('events')
		.summary('show the last events')
		.description('Show the last events and their deliveries')
		.option('-f, --follow', 'wait for new events')
		.option('--limit <number>', 'number of events (default: 20)', number('--limit', { least: 1, most: 1000 }))
		.option('--type <type>', 'print only events of this type, such as order.placed')
		.option('--subject <subject>', 'print only events about this subject')
		.option('--function <name>', 'print only events that this function emits or handles')
		.addOption(
			new Option('--status <status>', 'print only events with a delivery of this status').choices([
				'pending',
				'failing',
				'handled',
				'dead',
				'discarded',
			]),
		)
		.addOption(
			new Option(
				'--archive [where]',
				'print archived events, all without --limit: of the shop, FOLDER or s3://…',
			).conflicts(['follow', 'url']),
		)
		.option(...url)
		.option(...data)
		.option(...namespace)
		.option('--json', 'print each event as a line of JSON')
		.addHelpText(
			'after',
			examples({
				'npx bodega events -f': 'follows the events',
				'npx bodega events --limit 1 --json': 'prints the last one for a script',
				'npx bodega events --archive --subject 7': 'prints the archived ones about 7',
			}),
		)
		.action(
			action(async (stop, options) => {
				if (options.archive) return (await import('../events/archived.ts')).archivedEvents(options, stop);
				await (await import('../events/events.ts')).events(options, stop);
			}),
		);

	addDrillCommand(program);

	program
		.command('admin')
		.summary('manage its admins')
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
		.addHelpText(
			'after',
			examples({
				'npx bodega admin password': 'prints a new random password',
				'npx bodega admin password --ask': 'asks for the new one',
			}),
		)
		.action(
			action(async (stop, email, options) =>
				(await import('../admin/password.ts')).setAdminPassword(email, options, stop),
			),
		);
}
