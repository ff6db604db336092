import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addClusterCommands } from './commands/cluster.ts';
import { addDevelopmentCommands } from './commands/development.ts';
import { addShopCommands } from './commands/shop.ts';
import { helpFormat } from './help.ts';
import { refusal } from './usage.ts';

/** Returns the command line. It throws a {@link Failure} for bad usage. */
export function createProgram(): Command {
	const program = new Command('bodega')
		.description('Run a shop of serverless functions on this machine or on a Knative cluster')
		.version(`bodega ${manifest.version}`)
		.configureHelp(helpFormat)
		// Each rejection becomes a failure, whose message says more.
		.configureOutput({ writeErr: () => {} });
	// Each command loads only its own modules, so that `bodega start` starts quickly.
	addShopCommands(program);
	addClusterCommands(program);
	addDevelopmentCommands(program);
	refuse(program);
	return program;
}

function refuse(command: Command): void {
	command.exitOverride((error) => {
		if (error.exitCode === 0) process.exit(0);
		throw refusal(error, command);
	});
	for (const each of command.commands) refuse(each);
}
