import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { reusing } from '../../kit/net/timing.ts';
import { describeEnd, type Ending, endOf } from '../../kit/process/exit.ts';
import { guard } from '../../kit/process/guard.ts';
import { nodeOptions } from '../../kit/process/node-options.ts';
import { surroundings } from './surroundings.ts';

interface InstanceOptions {
	readonly bundle: string;
	readonly env: Readonly<Record<string, string>>;
	/** Whether it reaches the internet, perhaps through the user's proxy. */
	readonly internet?: boolean;
	/** Milliseconds for the process to listen. Default: 60 s. */
	readonly patience?: number;
	readonly log: (line: string) => void;
}

/** One process of a function. It picks its own port and reports it over the channel to its parent. */
export class Instance {
	readonly #process: ChildProcess;
	readonly startedAt = performance.now();
	/** Resolves with the milliseconds until the process listened. @throws {Error} when it ends before that. */
	readonly ready: Promise<number>;
	readonly exited: Promise<Ending>;
	readonly agent = reusing();
	port = 0;
	/** Requests assigned and not yet answered. */
	running = 0;
	/** True while it stops: it finishes its requests and gets no new ones. */
	stopping = false;

	constructor({ bundle, env, internet = false, patience = 60_000, log }: InstanceOptions) {
		const child = spawn(process.execPath, [...nodeOptions, bundle], {
			env: { ...surroundings({ internet }), HOST: '127.0.0.1', PORT: '0', ...env },
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			// Own process group: Ctrl-C in the terminal must reach only the local shop, which lets the functions finish
			// first.
			detached: true,
		});
		this.#process = guard(child);
		for (const stream of [this.#process.stdout, this.#process.stderr])
			if (stream) createInterface({ input: stream }).on('line', log);
		this.exited = endOf(this.#process).then((ending) => {
			this.agent.destroy();
			return ending;
		});
		this.ready = Promise.race([
			once(this.#process, 'message').then(([message]) => {
				this.port = (message as { port: number }).port;
				return performance.now() - this.startedAt;
			}),
			this.exited.then((ending) => {
				throw new Error(`it exited before it listened, with ${describeEnd(ending)}`);
			}),
		]);
		// A process that hangs at its start would keep its requests waiting for ever.
		const overdue = setTimeout(() => this.#process.kill('SIGKILL'), patience);
		this.ready.catch(() => {}).finally(() => clearTimeout(overdue));
	}

	get pid(): number | undefined {
		return this.#process.pid;
	}

	/** Sends SIGTERM, and SIGKILL after `patience` milliseconds. */
	async stop(patience: number): Promise<void> {
		this.stopping = true;
		this.#process.kill('SIGTERM');
		const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
		await this.exited;
		clearTimeout(timer);
	}
}
