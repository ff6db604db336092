import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { unavailable } from '../http/problem.ts';
import { Connections } from '../net/connections.ts';
import { endToEnd, sendBack, sendOn } from '../net/forward.ts';
import { openServer } from '../net/server.ts';

/** Requests with one method and status that were answered on passed connections. */
export interface Finished {
	readonly method: string;
	/** Undefined if the client disconnected before the response. */
	readonly status: number | undefined;
	/** The duration of each request: whole numbers make a report of a busy function short. */
	readonly microseconds: number[];
}

/** A client's connection to the shop's port. */
export interface Client {
	/** The `Host` of its requests so far. */
	readonly host: string;
	/** The shop's port on 127.0.0.1. */
	readonly port: number;
}

/** The messages of the shop to an instance. A connection comes with its socket. */
export type ToInstance =
	| {
			readonly kind: 'connection';
			/** Which of the shop's servers it returns to. */
			readonly source: number;
			/** Undefined for a connection of another function or the Broker. */
			readonly client: Client | undefined;
	  }
	/** Asks for at most so many connections back. */
	| { readonly kind: 'recall'; readonly most: number }
	/** Follows everything that was sent before. */
	| { readonly kind: 'flushed' };

/** The messages of an instance to the shop, after the first one with its port. */
export type ToShop =
	| { readonly kind: 'connection'; readonly source: number }
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

/** Whether a URL is one of a function, not of the shop itself. */
const isPublic = (url = ''): boolean => url.startsWith('/') && url !== '/metrics';

/** Returns a server that forwards requests to the shop. It does not listen. */
const shopAt = (port: number): Server =>
	openServer(
		async (req, res) => {
			const hop = { host: '127.0.0.1', port, path: req.url ?? '/', headers: endToEnd(req), agent: false };
			await sendOn(req, res, hop).then(
				(answer) => sendBack(answer, res),
				(error) => {
					throw unavailable('The shop does not answer at the moment.', error);
				},
			);
		},
		{ proxy: true },
	);

/** The least time between two reports, in milliseconds. */
const pause = 25;

/**
 * The connections of clients, other functions and the Broker that the laptop's shop has passed to this instance, so that their
 * requests do not go through the shop. As Knative's queue-proxy does, the instance counts these requests and reports them. It returns
 * the connections when the shop asks for them, and all of them before it ends, so a request that is on its way is not lost.
 */
export class PassedConnections {
	readonly #all = new Map<Socket, Extract<ToInstance, { kind: 'connection' }>>();
	readonly #connections: Connections;
	#running = 0;
	#peak = 0;
	/** The requests whose response has ended in this turn of the event loop. */
	#ended = 0;
	readonly #finished = new Map<string, Finished>();
	/** How many connections are to be returned. */
	#recalled = 0;
	#changed = false;
	#pausing = false;
	#leaving = false;
	#flushed: (() => void) | undefined;
	#emptied: (() => void) | undefined;

	/** @param server serves the requests on the connections, as on its own */
	constructor(server: Server) {
		this.#connections = new Connections(
			server,
			(socket) => this.#return(socket),
			(req, res) => this.#serve(server, req, res),
		);
		server.prependListener('request', (req, res) => {
			if (this.#all.has(req.socket)) this.#count(req, res);
		});
		process.on('message', (message, socket) => this.#receive(message as ToInstance, socket as Socket | undefined));
	}

	#receive(message: ToInstance, socket: Socket | undefined): void {
		if (message.kind === 'flushed') this.#flushed?.();
		else if (message.kind === 'recall') this.#recall(message.most);
		else if (socket) {
			this.#all.set(socket, message);
			socket.once('close', () => this.#gone(socket));
			this.#connections.receive(socket);
			this.#return(socket);
		}
	}

	#serve(server: Server, req: IncomingMessage, res: ServerResponse): void {
		const client = this.#all.get(req.socket)?.client;
		if (client && (req.headers.host !== client.host || !isPublic(req.url))) {
			// The client's next request comes to the shop on another connection.
			res.shouldKeepAlive = false;
			shopAt(client.port).emit('request', req, res);
			return;
		}
		// The shop is the outermost proxy, so every entry of a client is forged.
		if (client) req.headers['x-forwarded-for'] = '127.0.0.1';
		server.emit('request', req, res);
	}

	#recall(most: number): void {
		this.#recalled = Math.min(most, this.#all.size);
		for (const socket of this.#all.keys()) this.#return(socket);
	}

	/** Returns a connection to the shop if it has to, and if no request is in progress on it. */
	#return(socket: Socket): void {
		const passed = this.#all.get(socket);
		if ((!this.#leaving && this.#recalled <= 0) || !passed) return;
		const message: ToShop = { kind: 'connection', source: passed.source };
		if (this.#connections.pass(socket, process, message)) this.#recalled -= 1;
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
			const key = `${method} ${status}`;
			const finished = this.#finished.get(key) ?? { method, status, microseconds: [] };
			this.#finished.set(key, finished);
			finished.microseconds.push(Math.round((performance.now() - start) * 1000));
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
		const [running, peak, finished] = [this.#running, this.#peak, [...this.#finished.values()]];
		this.#tell({ kind: 'report', connections: this.#all.size, running, peak, finished });
		this.#finished.clear();
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
		for (const socket of this.#all.keys()) this.#return(socket);
		await this.#flush();
		if (this.#all.size) await new Promise<void>((resolve) => (this.#emptied = resolve));
		this.#reportNow();
		await this.#flush();
	}
}
