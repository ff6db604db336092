import { Command } from 'commander';
import { exitCode } from '../k8s/kubectl/failure.ts';
import { addClusterCommands } from './commands/cluster.ts';
import { addDevelopmentCommands } from './commands/development.ts';
import { addShopCommands } from './commands/shop.ts';

const program = new Command('bodega').description(
	'Run an online shop of serverless functions on this machine or on a Knative cluster',
);
// Otherwise an unknown option or command would have the exit code of an unknown failure.
program.exitOverride(({ exitCode: code }) => process.exit(code && exitCode.usage));
// Each command loads only its own modules, so that `bodega start` starts quickly.
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
