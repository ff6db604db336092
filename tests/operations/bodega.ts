import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

const { namespace = '' } = inject('shop');
const root = join(import.meta.dirname, '..', '..');

/** A command's exit code and output. */
export interface Told {
	readonly code: number | null;
	readonly output: string;
	readonly errors: string;
}

/** Runs a `bodega` command on the cluster of these tests, from this project or a copy of it. */
export function bodega(args: readonly string[], { copy = root, signal }: { copy?: string; signal?: AbortSignal } = {}) {
	const { promise, resolve } = Promise.withResolvers<Told>();
	const child = execFile(
		join(copy, 'bodega'),
		[...args, '--namespace', namespace],
		{ cwd: copy, maxBuffer: 64_000_000, killSignal: 'SIGINT', ...(signal ? { signal } : {}) },
		(_error, output, errors) => resolve({ code: child.exitCode, output, errors }),
	);
	child.stdin?.end();
	return promise;
}

/** Runs a `bodega` command and returns its output. @throws {Error} if the command fails. */
export async function succeed(...[args, where]: Parameters<typeof bodega>): Promise<string> {
	const { code, output, errors } = await bodega(args, where);
	if (code !== 0) throw new Error(`bodega ${args.join(' ')} ended with ${code}:\n${errors}`);
	return output;
}
