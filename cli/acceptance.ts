import { findChromium, howToGet } from './chromium.ts';
import { run as runTool, tools } from './run.ts';

/** `npm run acceptance -- --target local|cluster`: one suite, on the shop as its users meet it, by HTTP and in a browser. */
export async function run(target: string, args: readonly string[]): Promise<number> {
	if (!findChromium()) {
		process.stderr.write(`${howToGet}\n`);
		return 1;
	}
	const projects = ['acceptance', 'browser', ...(target === 'cluster' ? ['operations'] : [])];
	const chosen = projects.flatMap((project) => ['--project', project]);
	return await runTool([...tools.vitest, 'run', ...chosen, ...args], { ACCEPTANCE_TARGET: target });
}
