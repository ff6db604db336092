import { type Command, Option } from 'commander';
import { number, root } from './options.ts';

/** What one does with the code. */
export function addDevelopmentCommands(program: Command): void {
	program
		.command('broker')
		.description('serve the Brokers and Triggers of Knative manifests, with Knative’s contract, in memory')
		.option('--port <port>', 'the port to listen on', number, 8090)
		.option('--host <host>', 'the address to listen on', '127.0.0.1')
		.requiredOption('-f, --file <file...>', 'manifests with Brokers and Triggers')
		.action(async (options) => (await import('../../eventing/broker/main.ts')).main(options));

	program
		.command('generate')
		.description('write the manifests anew into k8s/generated/, and compose.yaml')
		.action(async () => {
			(await import('../../k8s/commands/generate.ts')).writeGenerated();
			(await import('../../compose/generate.ts')).writeCompose();
		});

	program
		.command('new')
		.description('make the folder of a new function')
		.argument('<name>', 'its name, e.g. "gift-cards"')
		.action(async (name) => (await import('../new.ts')).create(name, root));

	program
		.command('acceptance')
		.description('run the acceptance suite; other arguments are vitest’s')
		.addOption(
			new Option('--target <target>', 'where the shop is').choices(['local', 'compose', 'cluster']).default('local'),
		)
		.allowUnknownOption()
		.argument('[arguments...]')
		.action(async (args: string[], { target }: { target: string }) => {
			process.exitCode = await (await import('../acceptance.ts')).run(target, args);
		});

	for (const [name, description] of [
		['test', 'run the tests; arguments are vitest’s'],
		['check', 'check types, style, import rules and generated files'],
		['bench', 'measure, side by side, and write bench/results.md'],
		['screenshots', 'make a picture of every screen of the page in docs/screens/'],
	] as const)
		program
			.command(name)
			.description(description)
			.allowUnknownOption()
			.helpOption(false)
			.argument('[arguments...]')
			.action(async (args: string[]) => {
				process.exitCode = await (await import(`../${name}.ts`)).run(args, root);
			});
}
