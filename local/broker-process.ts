import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { surroundings } from './service/surroundings.ts';

/**
 * The broker in its own process. Its events are in memory, as in an in-memory channel, and are lost when it ends. It is
 * restarted when it crashes.
 */
export class BrokerProcess {
	readonly #file: string;
	readonly #port: number;
	readonly #log: (line: string) => void;
	#process: ChildProcess | undefined;
	#closed = false;

	/** @param file manifests of its Broker and Triggers */
	constructor(file: string, port: number, log: (line: string) => void) {
		this.#file = file;
		this.#port = port;
		this.#log = log;
	}

	get pid(): number | undefined {
		return this.#process?.pid;
	}

	/** Resolves when the broker listens. @throws {Error} when the process ends before that. */
	async start(): Promise<void> {
		const main = join(import.meta.dirname, '..', 'eventing', 'broker', 'main.ts');
		const child = spawn(process.execPath, [main, '--port', String(this.#port), '--file', this.#file], {
			env: surroundings(),
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			detached: true,
		});
		this.#process = child;
		const lines = createInterface({ input: child.stdout as Readable });
		lines.on('line', this.#log);
		createInterface({ input: child.stderr as Readable }).on('line', this.#log);
		const exit = once(child, 'exit');
		void exit.then(([code, signal]) => this.#exited(code ?? signal));
		await Promise.race([
			once(lines, 'line'),
			exit.then(([code]) => {
				throw new Error(`the broker exited with code ${code} before it listened`);
			}),
		]);
	}

	#exited(reason: number | string): void {
		if (this.#closed) return;
		this.#log(JSON.stringify({ severity: 'ERROR', message: `exited (${reason}); restarting with empty memory` }));
		setTimeout(() => {
			if (!this.#closed) this.start().catch(() => {}); // The next exit triggers the next restart.
		}, 250).unref();
	}

	async stop(): Promise<void> {
		this.#closed = true;
		const child = this.#process;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const exit = once(child, 'exit');
		child.kill('SIGTERM');
		const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
		await exit;
		clearTimeout(timer);
	}
}
