import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';

const root = join(import.meta.dirname, '..');
const program = new Command('bodega').description(
	'An online shop made of serverless functions: on this machine, or on a Knative cluster',
);

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
	.command('build')
	.description('make the images of all functions, with Docker')
	.option('--registry <registry>', 'name the images for a registry, e.g. ghcr.io/me')
	.action(async (options) => void (await (await import('../k8s/build.ts')).build(options)));

program
	.command('deploy')
	.description('bring the shop to the Knative cluster of the current kube context, and wait until all is ready')
	.option(
		'--images <way>',
		'how images reach it: minikube, kind, k3s, docker, containerd, push:REGISTRY or exec:COMMAND; found out if not said',
	)
	.option('--timeout <seconds>', 'how long each step may take until all is ready', number, 300)
	.option('--json', 'tell the result as JSON')
	.action(async (options) => void (await (await import('../k8s/deploy.ts')).deploy(options)));

program
	.command('status')
	.description('tell how the shop on the cluster is')
	.option('--json', 'tell it as JSON')
	.action(async (options) => {
		const { ready } = await (await import('../k8s/status.ts')).status(options);
		process.exitCode = ready ? 0 : 5;
	});

program
	.command('destroy')
	.description('take the shop off the cluster, its data too')
	.option('--yes', 'do not ask')
	.action(async (options) => void (await (await import('../k8s/destroy.ts')).destroy(options)));

program
	.command('drill')
	.description('break a function on purpose, place orders, mend it, and see that nothing is lost and nothing doubled')
	.argument('[function]', 'one that an order’s way leads through', 'billing')
	.option('--orders <number>', 'how many orders to place', number, 3)
	.option('--url <url>', 'where the shop is; if not said, the one open on this machine, else that of the kube context')
	.option('--data <folder>', 'where the data of the one on this machine live', join(root, '.data'))
	.option('--json', 'tell the result as JSON')
	.action(async (fn, options) => {
		process.exitCode = await (await import('./drill.ts')).drill(fn, options);
	});

program
	.command('generate')
	.description('write the manifests anew into k8s/generated/')
	.action(async () => (await import('../k8s/generate.ts')).writeGenerated());

program
	.command('new')
	.description('make the folder of a new function')
	.argument('<name>', 'its name, e.g. "gift-cards"')
	.action(async (name) => (await import('./new.ts')).create(name, root));

program
	.command('acceptance')
	.description('run the acceptance suite; other arguments are vitest’s')
	.addOption(new Option('--target <target>', 'where the shop is').choices(['local', 'cluster']).default('local'))
	.allowUnknownOption()
	.argument('[arguments...]')
	.action(async (args: string[], { target }: { target: string }) => {
		process.exitCode = await (await import('./acceptance.ts')).run(target, args);
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
			process.exitCode = await (await import(`./${name}.ts`)).run(args, root);
		});

program.parseAsync().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = (error as { exitCode?: number }).exitCode ?? 1;
});
