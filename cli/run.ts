import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '..', 'node_modules');

/** The tools' scripts, run with this Node instead of the one in PATH. */
export const tools = {
	vitest: [process.execPath, join(modules, 'vitest', 'vitest.mjs')],
	tsc: [process.execPath, join(modules, 'typescript', 'bin', 'tsc')],
	biome: [process.execPath, join(modules, '@biomejs', 'biome', 'bin', 'biome')],
} as const;

/** Runs a command with this process's input and output. Returns its exit code. */
export async function run(command: readonly string[], env: Record<string, string> = {}): Promise<number> {
	const [file = '', ...args] = command;
	const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env }, cwd: join(modules, '..') });
	const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
	process.on('SIGTERM', forward);
	const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
	process.off('SIGTERM', forward);
	return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
