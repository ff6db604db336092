import { Command } from 'commander';
import { addClusterCommands } from './commands/cluster.ts';
import { addDevelopmentCommands } from './commands/development.ts';
import { addShopCommands } from './commands/shop.ts';

const program = new Command('bodega').description(
	'An online shop made of serverless functions: on this machine, or on a Knative cluster',
);
// Each command loads what it needs and nothing else, so that `bodega start` does not wait for the others.
addShopCommands(program);
addClusterCommands(program);
addDevelopmentCommands(program);

// The reader can stop (`bodega events | head`), and the terminal can close.
for (const output of [process.stdout, process.stderr])
	output.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
		process.exit(0);
	});

program.parseAsync().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = (error as { exitCode?: number }).exitCode ?? 1;
});
