import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { freePort } from '../local/free-port.ts';

/** A server that the benchmark has started as a process. */
export interface Running {
	readonly pid: number;
	/** `http://127.0.0.1:3000`, without a path. */
	readonly url: string;
	/** Milliseconds from its start to its first answer. */
	readonly started: number;
	readonly stop: () => Promise<void>;
}

/**
 * Starts a Node program that listens on `PORT`, and waits for its first answer to a request for `path`, whatever it is.
 * @throws {Error} when the process ends before that
 */
export async function startProcess(
	args: readonly string[],
	env: Readonly<Record<string, string>>,
	{ path = '/', method = 'GET' } = {},
): Promise<Running> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const start = performance.now();
	const child = spawn(process.execPath, args, {
		env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'ERROR', ...env },
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	while (!(await answers(`${url}${path}`, method))) {
		const end = child.exitCode ?? child.signalCode;
		if (end !== null) throw new Error(`${args.at(-1)} exited with ${end}`);
		await after(1);
	}
	return { pid: child.pid as number, url, started: performance.now() - start, stop: () => stop(child) };
}

/** Stops a process. A clean exit writes the code cache. */
async function stop(child: ChildProcess): Promise<void> {
	const exit = once(child, 'exit');
	child.kill('SIGTERM');
	await exit;
}

const answers = (url: string, method: string): Promise<boolean> =>
	fetch(url, { method }).then(
		async (answer) => {
			await answer.text();
			return true;
		},
		() => false,
	);
