import { Command, type CommanderError } from 'commander';
import { exitCode } from '../k8s/kubectl/failure.ts';
import { addClusterCommands } from './commands/cluster.ts';
import { addDevelopmentCommands } from './commands/development.ts';
import { addShopCommands } from './commands/shop.ts';
import { endWithNpm } from './npm.ts';

endWithNpm();

const program = new Command('bodega')
	.description('Run an online shop of serverless functions on this machine or on a Knative cluster')
	// Subcommands inherit this.
	.exitOverride((error: CommanderError) => process.exit(error.exitCode && exitCode.usage));
// Each command loads only its own modules, so that `bodega start` starts quickly.
addShopCommands(program);
addClusterCommands(program);
addDevelopmentCommands(program);

const addHelp = (command: Command, name: string): void => {
	command.showHelpAfterError(`See npx ${name} --help`);
	for (const each of command.commands) addHelp(each, `${name} ${each.name()}`);
};
addHelp(program, 'bodega');

// The reader can stop (`bodega events | head`), and the terminal can close.
for (const output of [process.stdout, process.stderr])
	output.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
		process.exit(0);
	});

program.parseAsync().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = (error as { exitCode?: number }).exitCode ?? exitCode.unknown;
});
