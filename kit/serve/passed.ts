import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Connections } from '../net/connections.ts';

/** A request that was answered on a passed connection. */
export interface Finished {
	readonly method: string;
	/** Undefined if the client disconnected before the response. */
	readonly status: number | undefined;
	readonly seconds: number;
}

/** The messages of the shop to an instance. A connection comes with its socket. */
export type ToInstance =
	| { readonly kind: 'connection' }
	/** Asks for at most so many connections back. */
	| { readonly kind: 'recall'; readonly most: number }
	/** Follows everything that was sent before. */
	| { readonly kind: 'flushed' };

/** The messages of an instance to the shop, after the first one with its port. */
export type ToShop =
	| { readonly kind: 'connection' }
	| {
			readonly kind: 'report';
			/** The passed connections that are open. */
			readonly connections: number;
			/** The requests in progress on them: now, and the most since the last report. */
			readonly running: number;
			readonly peak: number;
			readonly finished: readonly Finished[];
	  }
	/** Asks for `flushed` in return. */
	| { readonly kind: 'flush' };

/** The least time between two reports, in milliseconds. */
const pause = 25;

/**
 * The connections of other functions and the Broker that the laptop's shop has passed to this instance, so that their requests
 * do not go through the shop. As Knative's queue-proxy does, the instance counts these requests and reports them. It returns
 * the connections when the shop asks for them, and all of them before it ends, so a request that is on its way is not lost.
 */
export class PassedConnections {
	readonly #all = new Set<Socket>();
	readonly #connections: Connections;
	#running = 0;
	#peak = 0;
	/** The requests whose response has ended in this turn of the event loop. */
	#ended = 0;
	#finished: Finished[] = [];
	/** How many connections are to be returned. */
	#recalled = 0;
	#changed = false;
	#pausing = false;
	#leaving = false;
	#flushed: (() => void) | undefined;
	#emptied: (() => void) | undefined;

	/** @param server serves the requests on the connections, as on its own */
	constructor(server: Server) {
		this.#connections = new Connections(server, (socket) => this.#return(socket));
		server.prependListener('request', (req, res) => {
			if (this.#all.has(req.socket)) this.#count(req, res);
		});
		process.on('message', (message, socket) => this.#receive(message as ToInstance, socket as Socket | undefined));
	}

	#receive(message: ToInstance, socket: Socket | undefined): void {
		if (message.kind === 'flushed') this.#flushed?.();
		else if (message.kind === 'recall') this.#recall(message.most);
		else if (socket) {
			this.#all.add(socket);
			socket.once('close', () => this.#gone(socket));
			this.#connections.receive(socket);
			this.#return(socket);
		}
	}

	#recall(most: number): void {
		this.#recalled = Math.min(most, this.#all.size);
		for (const socket of this.#all) this.#return(socket);
	}

	/** Returns a connection to the shop if it has to, and if no request is in progress on it. */
	#return(socket: Socket): void {
		if ((!this.#leaving && this.#recalled <= 0) || !this.#all.has(socket)) return;
		if (this.#connections.pass(socket, process, { kind: 'connection' } satisfies ToShop)) this.#recalled -= 1;
	}

	#gone(socket: Socket): void {
		this.#all.delete(socket);
		if (!this.#all.size) this.#emptied?.();
		this.#report();
	}

	#count({ method = 'GET' }: IncomingMessage, res: ServerResponse): void {
		const start = performance.now();
		this.#running += 1;
		this.#peak = Math.max(this.#peak, this.#running);
		res.once('close', () => {
			this.#end();
			const status = res.headersSent ? res.statusCode : undefined;
			this.#finished.push({ method, status, seconds: (performance.now() - start) / 1000 });
		});
		this.#report();
	}

	/**
	 * Requests that are answered in one turn of the event loop count as parallel: they have waited for this process at the same
	 * time. Otherwise a busy function that never waits would seem to have one request after the other.
	 */
	#end(): void {
		this.#ended += 1;
		if (this.#ended > 1) return;
		setImmediate(() => {
			this.#running -= this.#ended;
			this.#ended = 0;
			this.#report();
		});
	}

	/** Reports immediately, and then again after a pause if something has changed. */
	#report(): void {
		this.#changed = true;
		if (this.#pausing) return;
		this.#reportNow();
		this.#pausing = true;
		setTimeout(() => {
			this.#pausing = false;
			if (this.#changed) this.#report();
		}, pause);
	}

	#reportNow(): void {
		const [running, peak, finished] = [this.#running, this.#peak, this.#finished];
		this.#tell({ kind: 'report', connections: this.#all.size, running, peak, finished });
		this.#finished = [];
		this.#peak = running;
		this.#changed = false;
	}

	#tell(message: ToShop): void {
		if (process.connected) process.send?.(message);
	}

	/** Waits until the shop has received all that was sent to it, and this process all that the shop had sent before. */
	async #flush(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.#flushed = resolve;
			this.#tell({ kind: 'flush' });
		});
	}

	/** Returns all connections, and resolves when their last request has its response. The shop must pass no more of them. */
	async leave(): Promise<void> {
		this.#leaving = true;
		for (const socket of this.#all) this.#return(socket);
		await this.#flush();
		if (this.#all.size) await new Promise<void>((resolve) => (this.#emptied = resolve));
		this.#reportNow();
		await this.#flush();
	}
}
