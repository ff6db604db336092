import { findChromium, howToGet } from './chromium.ts';
import { run as runTool, tools } from './run.ts';

/**
 * `npm run acceptance -- --target local|compose|cluster`: one suite, on the shop as its users meet it, by HTTP and in a browser.
 * Much of what is done in the browser waits for a function to go to zero, which with Compose none does.
 */
export async function run(target: string, args: readonly string[]): Promise<number> {
	const inBrowser = target !== 'compose';
	if (inBrowser && !findChromium()) {
		process.stderr.write(`${howToGet}\n`);
		return 1;
	}
	// What an operator does to a cluster rolls and stops what the others use, so it is run by itself: `--project operations`.
	const named = args.some((arg) => /^--project\b/.test(arg));
	const projects = named ? [] : ['acceptance', ...(inBrowser ? ['browser'] : [])];
	const chosen = projects.flatMap((project) => ['--project', project]);
	return await runTool([...tools.vitest, 'run', ...chosen, ...args], { ACCEPTANCE_TARGET: target });
}
