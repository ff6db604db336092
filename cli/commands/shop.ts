import { Argument, type Command, Option } from 'commander';
import { data, images, namespace, number, url } from './options.ts';

/** What one does with a shop, wherever it is: on this machine, or else on the cluster of the kube context. */
export function addShopCommands(program: Command): void {
	program
		.command('start')
		.description('open the shop on this machine, or again on the cluster where it was stopped')
		.addOption(new Option('--on <place>', 'where').choices(['laptop', 'cluster']).default('laptop'))
		.option('--port <port>', 'the port of the page and the API; the next free one if it is taken', number, 3000)
		.option('--idle <seconds>', 'how long a function may be without requests before it is stopped', number, 30)
		.option('--fresh', 'begin with an empty shop', false)
		.option(...data)
		.option(...namespace)
		.addOption(images)
		.action(async ({ on, ...options }) => {
			if (on === 'cluster') await (await import('../../k8s/commands/stop.ts')).resume(options);
			else await (await import('../../local/main.ts')).start(options);
		});

	program
		.command('stop')
		.description('stop the shop, and keep its data: the one open on this machine, else that of the kube context')
		.option(...data)
		.option(...namespace)
		.action(async (options) => {
			const { stopRunning } = await import('../../local/running.ts');
			if (!(await stopRunning(options.data))) await (await import('../../k8s/commands/stop.ts')).stop(options);
		});

	program
		.command('open')
		.description('open the shop in a browser: the one open on this machine, else that of the kube context')
		.option('--port <port>', 'the port at which the one of the kube context is shown', number, 8080)
		.option('--no-browser', 'only tell the address')
		.option(...data)
		.option(...namespace)
		.action(async (options) => {
			process.exitCode = await (await import('../open.ts')).open(options);
		});

	program
		.command('events')
		.description('tell the last events, and who has handled them')
		.option('-f, --follow', 'go on with what comes')
		.option('--limit <number>', 'how many', number, 20)
		.option(...url)
		.option(...data)
		.option(...namespace)
		.option('--json', 'tell each as JSON, one a line')
		.action(async (options) => {
			process.exitCode = await (await import('../events.ts')).events(options);
		});

	program
		.command('drill')
		.description('break a function on purpose, place orders, mend it, and see that nothing is lost and nothing doubled')
		.argument('[function]', 'one that handles events of an order')
		.option('--orders <number>', 'how many orders to place', number, 3)
		.option(...url)
		.option(...data)
		.option(...namespace)
		.option('--json', 'tell the result as JSON')
		.action(async (fn, options) => {
			process.exitCode = await (await import('../drill/drill.ts')).drill(fn, options);
		});

	program
		.command('completion')
		.description('tell a shell how to complete the commands: source <(npx bodega completion bash)')
		.addArgument(new Argument('<shell>', 'which').choices(['bash', 'zsh', 'fish']))
		.action(async (shell) => {
			process.stdout.write((await import('../completion.ts')).completion(program, shell));
		});
}
