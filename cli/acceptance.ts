import { parseArgs } from 'node:util';
import { run as runTool, tools } from './run.ts';

/** `npm run acceptance -- --target local|cluster`: one suite, on the shop as its users meet it. */
export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		options: { target: { type: 'string', default: 'local' } },
		allowPositionals: true,
	});
	if (values.target !== 'local' && values.target !== 'cluster') {
		process.stderr.write(`--target is "${values.target}"; it can be local or cluster\n`);
		return 2;
	}
	return runTool([...tools.vitest, 'run', '--project', 'acceptance', ...positionals], {
		ACCEPTANCE_TARGET: values.target,
	});
}
