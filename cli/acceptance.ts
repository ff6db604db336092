import { run as runTool, tools } from './run.ts';

/** `npm run acceptance -- --target local|cluster`: one suite, on the shop as its users meet it. */
export const run = (target: string, args: readonly string[]): Promise<number> =>
	runTool([...tools.vitest, 'run', '--project', 'acceptance', ...args], { ACCEPTANCE_TARGET: target });
