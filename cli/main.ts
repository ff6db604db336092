import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

const root = join(import.meta.dirname, '..');
const program = new Command('bodega').description('An online shop made of serverless functions: on this machine, or on a Knative cluster');

const number = (text: string): number => {
	const value = Number(text);
	if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number from 0 on is wanted.');
	return value;
};

// Each command loads what it needs and nothing else, so that `bodega start` does not wait for the others.
program
	.command('start')
	.description('open the shop on this machine')
	.option('--port <port>', 'the port of the page and the API; the next free one if it is taken', number, 3000)
	.option('--idle <seconds>', 'how long a function may be without requests before it is stopped', number, 30)
	.option('--fresh', 'begin with an empty shop', false)
	.option('--data <folder>', 'where the data live', join(root, '.data'))
	.action(async (options) => (await import('../local/main.ts')).start(options));

program
	.command('broker')
	.description('serve the Brokers and Triggers of Knative manifests, with Knative’s contract, in memory')
	.option('--port <port>', 'the port to listen on', number, 8090)
	.option('--host <host>', 'the address to listen on', '127.0.0.1')
	.requiredOption('-f, --file <file...>', 'manifests with Brokers and Triggers')
	.action(async (options) => (await import('../local/broker/main.ts')).main(options));

program
	.command('new')
	.description('make the folder of a new function')
	.argument('<name>', 'its name, e.g. "gift-cards"')
	.action(async (name) => (await import('./new.ts')).create(name, root));

for (const [name, description] of [
	['test', 'run the tests; arguments are vitest’s'],
	['check', 'check types, style, import rules and generated files'],
	['acceptance', 'run the acceptance suite: --target local|cluster'],
	['bench', 'measure, side by side, and write bench/results.md'],
] as const)
	program
		.command(name)
		.description(description)
		.allowUnknownOption()
		.helpOption(false)
		.argument('[arguments...]')
		.action(async (args: string[]) => {
			process.exitCode = await (await import(`./${name}.ts`)).run(args, root);
		});

program.parseAsync().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
