import { exitCode } from '../k8s/kubectl/failure.ts';
import { endWithNpm } from './npm.ts';
import { createProgram } from './program.ts';
import { commandOf, pathOf } from './usage.ts';

endWithNpm();

// The reader can stop (`bodega events | head`), and the terminal can close.
for (const output of [process.stdout, process.stderr])
	output.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
		process.exit(0);
	});

const program = createProgram();
const args = process.argv.slice(2);
program.parseAsync(args.length ? args : ['--help'], { from: 'user' }).catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	const code = (error as { exitCode?: number }).exitCode ?? exitCode.unknown;
	if (code === exitCode.usage) process.stderr.write(`See: npx ${pathOf(commandOf(program, args))} --help\n`);
	process.exitCode = code;
});
