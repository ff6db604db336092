import { run as runTool, tools } from './run.ts';

/** `npm test`: every test that needs no cluster. */
export const run = (args: readonly string[]): Promise<number> => runTool([...tools.vitest, 'run', ...args]);
