import { type Command, Option } from 'commander';
import { action, number, port, root } from './options.ts';

export function addDevelopmentCommands(program: Command): void {
	program
		.command('broker')
		.description('Serve the Brokers and Triggers of Knative manifests from memory')
		.option('--port <port>', 'port to listen on', port, 8090)
		.option('--host <host>', 'address to listen on', '127.0.0.1')
		.requiredOption('-f, --file <file...>', 'manifests with Brokers and Triggers')
		.action(async (options) => (await import('../../eventing/broker/main.ts')).main(options));

	program
		.command('generate')
		.description('Generate the manifests in k8s/generated/ and compose.yaml')
		.action(async () => {
			(await import('../../k8s/commands/generate.ts')).writeGenerated();
			(await import('../../compose/generate.ts')).writeCompose();
		});

	program
		.command('new')
		.description('Create the folder of a new function')
		.argument('<name>', 'name of the function, such as "gift-cards"')
		.action(async (name) => (await import('../scaffold/new.ts')).create(name, root));

	program
		.command('remove')
		.description('Remove functions with their pages, tests, event types and manifests')
		.argument('<function...>', 'names of functions')
		.action(async (names: string[]) => (await import('../scaffold/remove.ts')).remove([...new Set(names)], root));

	program
		.command('acceptance')
		.description('Run the acceptance tests; other arguments go to vitest')
		.addOption(
			new Option('--target <target>', 'place where the shop runs')
				.choices(['local', 'compose', 'cluster'])
				.default('local'),
		)
		.allowUnknownOption()
		.argument('[arguments...]')
		.action(async (args: string[], { target }: { target: string }) => {
			process.exitCode = await (await import('../development/acceptance.ts')).run(target, args);
		});

	program
		.command('chaos')
		.description('Inject faults from a seed while clients use a shop, and check that it keeps its promises')
		.addOption(
			new Option('--target <target>', 'place where the shop runs').choices(['local', 'cluster']).default('local'),
		)
		.option('--seconds <seconds>', 'time during which faults are injected', number('--seconds'), 60)
		.option('--seed <seed>', 'number that the faults follow from (default: random)', number('--seed'))
		.option('--json', 'print the report as JSON, and the progress to standard error', false)
		.action(action(async (stop, options) => (await import('../development/chaos.ts')).chaos(options, stop)));

	for (const [name, description] of [
		['test', 'Run the tests; arguments go to vitest'],
		['check', 'Check types, style, import rules and generated files'],
		['bench', 'Run the benchmarks and write bench/results.md'],
		['profile', 'Write a CPU profile of a function under load'],
		['screenshots', 'Take a screenshot of every screen of the page in docs/screens/'],
	] as const)
		program
			.command(name)
			.description(description)
			.allowUnknownOption()
			.helpOption(false)
			.argument('[arguments...]')
			.action(async (args: string[]) => {
				process.exitCode = await (await import(`../development/${name}.ts`)).run(args, root);
			});
}
