import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Connections } from '../../kit/net/connections.ts';
import { reusing } from '../../kit/net/timing.ts';
import { describeEnd, type Ending, endOf } from '../../kit/process/exit.ts';
import { guard } from '../../kit/process/guard.ts';
import { allocation, nodeOptions } from '../../kit/process/node-options.ts';
import type { Client, ToInstance, ToShop } from '../../kit/serve/passed.ts';
import { surroundings } from './surroundings.ts';

export type Report = Extract<ToShop, { kind: 'report' }>;

/** The most connections that one instance has. The requests of others go through the activator. */
const mostConnections = 1_000;
/** Milliseconds without requests after which connections are not busy any more, and return to the activator. */
export const calm = 500;
/** Milliseconds of which the peak of an instance counts. */
const lately = 1_000;
/** Milliseconds for a terminating instance to finish, like the `timeoutSeconds` of a Knative revision. */
export const termination = 300_000;

interface InstanceOptions {
	readonly program: string;
	readonly env: Readonly<Record<string, string>>;
	/** Whether it reaches the internet, perhaps through the user's proxy. */
	readonly internet?: boolean;
	/** Milliseconds for the process to listen. Default: 60 s. */
	readonly patience?: number;
	/** Whether debuggers can attach. It then has all the time that a paused process needs. */
	readonly inspected?: boolean;
	readonly log: (line: string) => void;
	/** Called with what the instance reports about the requests on its connections. */
	readonly reported: (report: Report) => void;
}

/** The lines that Node prints about its inspector. Those about attached debuggers are not among them. */
const notice =
	/^(Debugger (listening|ending) on ws:|For help, see: https:\/\/nodejs\.org\/|Waiting for the debugger to disconnect)/;

/** One process of a function. It picks its own port and reports it over the channel to its parent. */
export class Instance {
	readonly #process: ChildProcess;
	readonly startedAt = performance.now();
	/** Resolves with the milliseconds until the process listened. @throws {Error} when it ends before that. */
	readonly ready: Promise<number>;
	readonly exited: Promise<Ending>;
	readonly agent = reusing();
	port = 0;
	/** Requests assigned by the activator and not yet answered. */
	running = 0;
	/** The last report about the requests on its own connections. */
	#report: Report = { kind: 'report', connections: 0, running: 0, peak: 0, finished: [] };
	#takesConnections = false;
	/** The connections that it has got since that report. */
	#passed = 0;
	/** Runs while it has connections; each new one and each report start it anew. */
	#calming: NodeJS.Timeout | undefined;
	/** The most requests in progress: in this period of `lately` and in the last one. */
	#peaks = { since: 0, last: 0, current: 0 };
	/** Where they come from, and return to. */
	readonly #sources: Connections[] = [];
	/** True while it stops: it finishes its requests and gets no new ones. */
	stopping = false;
	readonly #inspector = Promise.withResolvers<number>();
	/** The connections of the attached debuggers. */
	readonly debuggers = new Set<Socket>();

	constructor(options: InstanceOptions) {
		const { program, env, internet = false, patience = 60_000, inspected = false, log, reported } = options;
		// Requests to an inspected process go through the activator, whose limits hold while the process is paused.
		const own = inspected ? {} : { PASSED_CONNECTIONS: '1' };
		const inspect = inspected ? ['--inspect=127.0.0.1:0'] : [];
		const child = spawn(process.execPath, [...nodeOptions, ...inspect, program], {
			env: { ...surroundings({ internet }), ...allocation, HOST: '127.0.0.1', PORT: '0', ...own, ...env },
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			// Own process group: Ctrl-C in the terminal must reach only the local shop, which lets the functions finish
			// first.
			detached: true,
		});
		this.#process = guard(child);
		for (const stream of [this.#process.stdout, this.#process.stderr])
			if (stream) createInterface({ input: stream }).on('line', inspected ? (line) => this.#read(line, log) : log);
		// Its connections end by themselves. One can still hold an answer that this process has not read yet.
		this.exited = endOf(this.#process);
		this.ready = Promise.race([
			once(this.#process, 'message').then(([message]) => {
				const { port, takesConnections = false } = message as { port: number; takesConnections?: boolean };
				this.port = port;
				this.#takesConnections = takesConnections;
				this.#process.on('message', (next: ToShop, socket) => this.#told(next, socket as Socket | undefined, reported));
				return performance.now() - this.startedAt;
			}),
			this.exited.then((ending) => {
				throw new Error(`it exited before it listened, with ${describeEnd(ending)}`);
			}),
		]);
		if (inspected) return;
		// A process that hangs at its start would keep its requests waiting for ever.
		const overdue = setTimeout(() => this.#process.kill('SIGKILL'), patience);
		this.ready.catch(() => {}).finally(() => clearTimeout(overdue));
	}

	get pid(): number | undefined {
		return this.#process.pid;
	}

	/** The port of its inspector on 127.0.0.1, which Node chooses. Resolves before the instance is ready. */
	get inspector(): Promise<number> {
		return this.#inspector.promise;
	}

	#read(line: string, log: (line: string) => void): void {
		const port = /^Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
		if (port) this.#inspector.resolve(Number(port));
		// A process that has crashed would stay until its debuggers disconnect.
		if (line.startsWith('Waiting for the debugger')) this.#detach();
		if (!notice.test(line)) log(line);
	}

	/** Disconnects the debuggers, which lets a paused process continue. */
	#detach(): void {
		for (const socket of this.debuggers) socket.destroy();
	}

	/** The requests in progress: those that the activator forwards, and those on its own connections. */
	get load(): number {
		return this.running + this.direct;
	}

	/** The connections that it has from the activator. */
	get connections(): number {
		return this.#report.connections + this.#passed;
	}

	/** Requests in progress on its own connections. */
	get direct(): number {
		return this.#report.running;
	}

	/** The most requests in progress lately. */
	get peak(): number {
		return Math.max(this.#peaks.last, this.#peaks.current, this.load);
	}

	#note(peak: number): void {
		const now = performance.now();
		const { since, current } = this.#peaks;
		if (now - since < lately) this.#peaks.current = Math.max(current, peak);
		else this.#peaks = { since: now, last: now - since < 2 * lately ? current : 0, current: peak };
	}

	/** Passes an idle connection to the process, which answers its next requests directly. */
	pass(socket: Socket, connections: Connections, client: Client | undefined): void {
		if (!this.#takesConnections || this.connections >= mostConnections) return;
		if (!this.#sources.includes(connections)) this.#sources.push(connections);
		const source = this.#sources.indexOf(connections);
		if (connections.pass(socket, this.#process, { kind: 'connection', source, client } satisfies ToInstance))
			this.#passed += 1;
		this.#calm();
	}

	#calm(): void {
		clearTimeout(this.#calming);
		if (this.connections > 0) this.#calming = setTimeout(() => this.recall(), calm).unref();
	}

	/** Asks for some of its connections back. Those with a request in progress follow after it. */
	recall(most = mostConnections): void {
		if (this.connections > 0) this.#send({ kind: 'recall', most });
	}

	#told(message: ToShop, socket: Socket | undefined, reported: (report: Report) => void): void {
		if (message.kind === 'flush') this.#send({ kind: 'flushed' });
		else if (message.kind === 'report') {
			this.#report = message;
			this.#passed = 0;
			this.#calm();
			this.#note(this.running + message.peak);
			reported(message);
		} else if (socket) this.#sources[message.source]?.receive(socket);
	}

	#send(message: ToInstance): void {
		if (this.#process.connected) this.#process.send(message, () => {});
	}

	/** Sends SIGTERM, and SIGKILL after `patience` milliseconds. */
	async stop(patience = termination): Promise<void> {
		this.stopping = true;
		this.#detach();
		this.#process.kill('SIGTERM');
		const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
		await this.exited;
		clearTimeout(timer);
	}
}
