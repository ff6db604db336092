import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { guardGroup } from '../../kit/process/guard.ts';

const modules = join(import.meta.dirname, '..', '..', 'node_modules');

/** The tools' scripts, run with this Node instead of the one in PATH. */
export const tools = {
	vitest: [process.execPath, join(modules, 'vitest', 'vitest.mjs')],
	tsc: [process.execPath, join(modules, 'typescript', 'bin', 'tsc')],
	biome: [process.execPath, join(modules, '@biomejs', 'biome', 'bin', 'biome')],
} as const;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds for a tool to end after a signal. */
const patience = 1_000;

/**
 * Runs a command with this process's output. Returns its exit code. A signal ends the command with all its processes,
 * and so does the end of this process.
 */
export async function run(command: readonly string[], env: Record<string, string> = {}): Promise<number> {
	const [file = '', ...args] = command;
	const child = guardGroup(
		spawn(file, args, {
			stdio: ['ignore', 'inherit', 'inherit'],
			env: { ...process.env, ...env },
			cwd: join(modules, '..'),
			detached: true,
		}),
	);
	const end = (signal: NodeJS.Signals): void => {
		try {
			if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// All of them have ended.
		}
	};
	let overdue: NodeJS.Timeout | undefined;
	const stop = (): void => {
		if (overdue) return;
		end('SIGTERM');
		overdue = setTimeout(() => end('SIGKILL'), patience);
	};
	for (const each of signals) process.on(each, stop);
	const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
	clearTimeout(overdue);
	for (const each of signals) process.off(each, stop);
	return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
