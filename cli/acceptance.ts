import { run as runTool, tools } from './run.ts';

/** `npm run acceptance -- --target local|compose|cluster`: one suite, on the shop as its users meet it, by HTTP and in a browser. */
export async function run(target: string, args: readonly string[]): Promise<number> {
	// What an operator does to a cluster rolls and stops what the others use, so it is run by itself: `--project operations`.
	const named = args.some((arg) => /^--project\b/.test(arg));
	// With Compose no function goes to zero, which most of what is done in the browser waits for.
	const projects = named ? [] : ['acceptance', ...(target === 'compose' ? [] : ['browser'])];
	const chosen = projects.flatMap((project) => ['--project', project]);
	return await runTool([...tools.vitest, 'run', ...chosen, ...args], { ACCEPTANCE_TARGET: target });
}
