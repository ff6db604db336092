import { Argument, type Command, Option } from 'commander';
import { examples } from '../help.ts';
import { action, number, port, root } from './options.ts';

export function addDevelopmentCommands(program: Command): void {
	program.commandsGroup('Change it:');
	program
		.command('new')
		.summary('add a function or a shop')
		.description('Create the folder of a new function, or a new product with --shop')
		.argument('<name>', 'name of the function, such as "gift-cards"; with --shop, the folder of the product')
		.option('--shop <name>', 'write a new product of this name: the framework, and one function as an example')
		.addHelpText(
			'after',
			examples({
				'npx bodega new gift-cards': 'adds functions/gift-cards/',
				'npx bodega new --shop corner-shop ../corner-shop': 'writes a new product',
			}),
		)
		.action(
			action(async (_stop, name, { shop }) => {
				if (shop === undefined) (await import('../scaffold/new.ts')).create(name, root);
				else await (await import('../scaffold/product.ts')).createProduct(shop, name, root);
			}),
		);

	program
		.command('remove')
		.summary('remove functions')
		.description('Remove functions with their pages, tests, event types and manifests')
		.argument('<function...>', 'names of functions')
		.addHelpText(
			'after',
			examples({
				'npx bodega remove gift-cards': 'removes the function with all its files',
			}),
		)
		.action(async (names: string[]) => (await import('../scaffold/remove.ts')).remove([...new Set(names)], root));

	program
		.command('generate')
		.summary('generate the manifests')
		.description('Generate the manifests, compose.yaml, and the code in docs/examples.md')
		.addHelpText(
			'after',
			examples({
				'npx bodega generate': 'after a change of a declaration',
			}),
		)
		.action(async () => {
			(await import('../../k8s/commands/generate.ts')).writeGenerated();
			(await import('../../compose/generate.ts')).writeCompose();
			(await import('../../docs/examples.ts')).writeExamples();
		});

	program
		.command('completion')
		.summary('complete words on Tab')
		.description('Print the completion script of a shell: source <(npx bodega completion bash)')
		.addArgument(new Argument('<shell>', 'shell to complete in').choices(['bash', 'zsh', 'fish']))
		.addHelpText(
			'after',
			examples({
				'source <(npx bodega completion bash)': 'completes in this shell',
				'npx bodega completion fish | source': 'does so in fish',
			}),
		)
		.action(async (shell) => {
			process.stdout.write(await (await import('../completion.ts')).completion(program, shell));
		});

	program.commandsGroup('Test and measure it:');

	program
		.command('test')
		.summary('run the tests')
		.description('Run the tests that need no cluster; arguments go to vitest, whose help is: npx vitest --help')
		.allowUnknownOption()
		.argument('[arguments...]', 'files and folders, and options of vitest')
		.addHelpText(
			'after',
			examples({
				'npx bodega test': 'runs every test that needs no cluster',
				'npx bodega test functions/gift-cards': 'runs the tests of a folder',
				'npx bodega test -t password': 'runs those with this in their name',
			}),
		)
		.action(async (args: string[]) => {
			process.exitCode = await (await import('../development/test.ts')).run(args);
		});

	program
		.command('check')
		.summary('check types and style')
		.description('Check types, style, import rules and generated files')
		.addHelpText(
			'after',
			examples({
				'npx bodega check': 'prints what is wrong, and ends with 1 if anything is',
			}),
		)
		.action(async () => {
			process.exitCode = await (await import('../development/check.ts')).run();
		});

	program
		.command('acceptance')
		.summary('test a running shop')
		.description('Run the acceptance tests; other arguments go to vitest')
		.addOption(
			new Option('--target <target>', 'place where the shop runs')
				.choices(['local', 'compose', 'cluster'])
				.default('local'),
		)
		.allowUnknownOption()
		.argument('[arguments...]')
		.addHelpText(
			'after',
			examples({
				'npx bodega acceptance --target cluster': 'tests the deployed shop',
			}),
		)
		.action(async (args: string[], { target }: { target: string }) => {
			process.exitCode = await (await import('../development/acceptance.ts')).run(target, args);
		});

	program
		.command('chaos')
		.summary('test with faults')
		.description('Inject faults from a seed while clients use a shop, and check that it keeps its promises')
		.addOption(
			new Option('--target <target>', 'place where the shop runs').choices(['local', 'cluster']).default('local'),
		)
		.option('--seconds <seconds>', 'time during which faults are injected', number('--seconds'), 60)
		.option('--seed <seed>', 'number that the faults follow from (default: random)', number('--seed'))
		.option('--json', 'print the report as JSON, and the progress to standard error', false)
		.addHelpText(
			'after',
			examples({
				'npx bodega chaos --seconds 120 --seed 7': 'repeats the faults of seed 7',
			}),
		)
		.action(action(async (stop, options) => (await import('../development/chaos.ts')).chaos(options, stop)));

	program
		.command('bench')
		.summary('measure ratios')
		.description('Run the benchmarks and write bench/results.md')
		.option('--only <name...>', 'run only these, and leave bench/results.md as it is')
		.option('--events <number>', 'events for growth', number('--events', { least: 10_000 }), 10_000_000)
		.option('--data <folder>', 'folder of the shop for growth, to use it again')
		.addHelpText(
			'after',
			examples({
				'npx bodega bench --only cold-start': 'measures cold starts',
				'npx bodega bench --only growth': 'measures a shop with years of orders',
			}),
		)
		.action(async ({ only = [], ...options }: { only?: string[]; events: number; data?: string }) =>
			(await import('../development/bench.ts')).bench(only, options),
		);

	program
		.command('profile')
		.summary('profile a function')
		.description('Write a CPU profile of a function under load')
		.argument('<service>', 'function, or its event handlers, such as NAME-events')
		.addHelpText(
			'after',
			examples({
				'npx bodega profile users': 'profiles the function users',
			}),
		)
		.action(async (service: string) => (await import('../development/profile.ts')).writeProfile(service, root));

	program
		.command('screenshots')
		.summary('take pictures of the page')
		.description('Take a screenshot of every screen of the page in docs/screens/')
		.addHelpText(
			'after',
			examples({
				'npx bodega screenshots': 'takes them all',
			}),
		)
		.action(async () => (await import('../../docs/screenshots.ts')).takeScreenshots());

	program
		.command('broker')
		.summary('serve Brokers, Triggers')
		.description('Serve the Brokers and Triggers of Knative manifests from memory')
		.option('--port <port>', 'port to listen on', port, 8090)
		.option('--host <host>', 'address to listen on', '127.0.0.1')
		.requiredOption('-f, --file <file...>', 'manifests with Brokers and Triggers')
		.addHelpText(
			'after',
			examples({
				'npx bodega broker -f triggers.yaml': 'serves the Brokers of a file at port 8090',
			}),
		)
		.action(async (options) => (await import('../../eventing/broker/main.ts')).main(options));
}
