import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { outputOf } from '../build.ts';
import { describeEnd, type Ending, endOf } from '../kit/process/exit.ts';
import { guard } from '../kit/process/guard.ts';
import { allocation, nodeOptions } from '../kit/process/node-options.ts';
import { Restarts } from './restarts.ts';
import { surroundings } from './service/surroundings.ts';

/** Milliseconds for the broker to end its deliveries; the relay repeats what is lost. */
const patience = 300;
/** Milliseconds to wait for a restart. */
const restart = 2_000;

/**
 * Each event in delivery outlives some collections of the young generation, which copy it each time. With 8 MB instead of 2,
 * there are so few of them that an event takes 72 microseconds of processor time instead of 94, and no more memory.
 */
const options = [...nodeOptions, '--max-semi-space-size=8'];

/**
 * The broker in its own process. Its events are in memory, as in an in-memory channel, and are lost when it ends. It is
 * restarted when it ends.
 */
export class BrokerProcess {
	readonly #file: string;
	readonly #port: number;
	readonly #log: (line: string) => void;
	readonly #restarts = new Restarts();
	readonly #starts = new EventEmitter<{ listening: [] }>();
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
		const startedAt = performance.now();
		const folder = dirname(outputOf('broker'));
		const broker = spawn(
			process.execPath,
			[...options, join(folder, 'start.cjs'), '--port', String(this.#port), '--file', this.#file],
			{
				// Beside the bundle, so that it also serves a shop with new data. Saves 3 MB of what the compiler would use.
				env: {
					...surroundings(),
					...allocation,
					CODE_CACHE: join(folder, 'function.cache'),
				},
				stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
				detached: true,
			},
		);
		const child = guard(broker);
		this.#process = child;
		const lines = createInterface({ input: child.stdout as Readable });
		lines.on('line', this.#log);
		createInterface({ input: child.stderr as Readable }).on('line', this.#log);
		const exit = endOf(child);
		void exit.then((ending) => this.#exited(ending, performance.now() - startedAt));
		await Promise.race([
			once(lines, 'line'),
			exit.then((ending) => {
				throw new Error(`the broker exited before it listened, with ${describeEnd(ending)}`);
			}),
		]);
		this.#starts.emit('listening');
	}

	#exited(ending: Ending, lived: number): void {
		if (this.#closed) return;
		const pause = this.#restarts.ended(lived);
		const message = `exited (${describeEnd(ending)}); restarting with empty memory in ${pause} ms`;
		this.#log(JSON.stringify({ severity: 'ERROR', message }));
		setTimeout(() => {
			if (!this.#closed) this.start().catch(() => {}); // The next exit triggers the next restart.
		}, pause).unref();
	}

	/** Kills the process, so that its memory is lost. Resolves when it listens again, or after two seconds. */
	async kill(): Promise<void> {
		const again = once(this.#starts, 'listening');
		this.#process?.kill('SIGKILL');
		await Promise.race([again, after(restart)]);
	}

	async stop(): Promise<void> {
		this.#closed = true;
		const child = this.#process;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const exit = endOf(child);
		child.kill('SIGTERM');
		const timer = setTimeout(() => child.kill('SIGKILL'), patience);
		await exit;
		clearTimeout(timer);
	}
}
