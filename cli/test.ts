import { findChromium, howToGet } from './chromium.ts';
import { run as runTool, tools } from './run.ts';

/** `npm test`: every test that needs no cluster. Without a browser its tests cannot be run, which is a failure, said last. */
export async function run(args: readonly string[]): Promise<number> {
	const named = args.some((arg) => /^--project\b/.test(arg));
	if (named || findChromium()) return await runTool([...tools.vitest, 'run', ...args]);
	const code = await runTool([...tools.vitest, 'run', '--project', 'unit', '--project', 'acceptance', ...args]);
	process.stderr.write(`\nThe browser's tests were not run. ${howToGet}\n`);
	return code || 1;
}
