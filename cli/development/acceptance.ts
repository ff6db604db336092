import { run as runTool, tools } from './run.ts';

/** Implements `npm run acceptance`: one suite against a running shop, over HTTP and in a browser. */
export async function run(target: string, args: readonly string[]): Promise<number> {
	// The tests of operator commands restart and stop functions that other tests use. They run only with `--project
	// operations`.
	const named = args.some((arg) => /^--project\b/.test(arg));
	// Compose does not scale to zero, which most browser tests wait for.
	const projects = named ? [] : ['acceptance', ...(target === 'compose' ? [] : ['browser'])];
	const chosen = projects.flatMap((project) => ['--project', project]);
	return await runTool([...tools.vitest, 'run', ...chosen, ...args], { ACCEPTANCE_TARGET: target });
}
