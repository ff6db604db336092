import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Listener, timesOf } from './server.ts';
import { timing } from './timing.ts';

/** Another process at the other end of an IPC channel: a child, or the parent of this process. */
interface Peer {
	readonly connected: boolean;
	readonly send?: (message: object, socket: Socket, options: object, sent: () => void) => boolean;
	readonly once: (event: 'disconnect', listener: () => void) => unknown;
}

/** The parts of a socket that Node's own sending of sockets uses too. */
interface Internals {
	readonly _handle: { readStop(): void } | null;
	server: Server | undefined;
}

/**
 * The connections of a server that another process can take over between two requests. The client notices nothing: its
 * next request, even one that is on its way, is read by the other process.
 */
export class Connections {
	/** Serves the connections that come from another process. */
	readonly #receiver: Server;
	/** How many bytes a connection has read when it has read all its requests, and how many of these have no response. */
	readonly #states = new WeakMap<Socket, { bytes: number; pending: number }>();
	readonly #rested: (socket: Socket) => void;
	/** The connections that wait until a process gets them: Node sends one at a time. */
	readonly #sending = new WeakMap<Peer, Set<Socket>>();

	/**
	 * @param rested called when the last request of a connection has its response, and another one can follow
	 * @param serve answers the requests on connections from another process; by default as those of `server`
	 * @param patience milliseconds of silence after which such a connection is closed: more than those of `reuse`
	 */
	constructor(
		server: Server,
		rested: (socket: Socket) => void,
		serve: Listener = (req, res) => server.emit('request', req, res),
		patience: number = timing.idle,
	) {
		this.#rested = rested;
		this.#receiver = createServer(timesOf(patience), serve);
		this.#receiver.on('clientError', (error, socket) => server.emit('clientError', error, socket));
		// It does not listen. Otherwise Node would not time how long the connections are silent.
		this.#receiver.emit('listening');
		server.once('close', () => this.#receiver.close());
		server.prependListener('request', (req, res) => this.#watch(req, res));
	}

	#watch(req: IncomingMessage, res: ServerResponse): void {
		const { socket } = req;
		const state = this.#states.get(socket) ?? { bytes: 0, pending: 0 };
		this.#states.set(socket, state);
		state.bytes += sizeOf(req);
		state.pending += 1;
		res.once('close', () => {
			state.pending -= 1;
			if (res.writableFinished && this.#isAtRest(socket)) this.#rested(socket);
		});
	}

	/** Whether the connection has read nothing of its next request, which would be lost. */
	#isAtRest(socket: Socket): boolean {
		const { bytes, pending } = this.#states.get(socket) ?? { bytes: 0, pending: 0 };
		return socket.writable && pending === 0 && bytes === socket.bytesRead;
	}

	/** Serves a connection that another process has passed on. */
	receive(socket: Socket): void {
		this.#receiver.emit('connection', socket);
	}

	/** Passes a connection on, with a message. Returns false, and does nothing, while a request is in progress. */
	pass(socket: Socket, to: Peer, message: object): boolean {
		if (!to.connected || !to.send || !this.#isAtRest(socket)) return false;
		const internals = socket as unknown as Internals;
		// Otherwise this process would read on until the other one confirms, and lose what it reads.
		internals._handle?.readStop();
		// Otherwise both processes would count the connection for this server, which would wait for it when it closes.
		internals.server = undefined;
		const sending = this.#sendingTo(to);
		sending.add(socket);
		to.send(message, socket, {}, () => {
			sending.delete(socket);
			socket.destroy();
		});
		return true;
	}

	#sendingTo(peer: Peer): Set<Socket> {
		const known = this.#sending.get(peer);
		if (known) return known;
		const sending = new Set<Socket>();
		this.#sending.set(peer, sending);
		peer.once('disconnect', () => {
			for (const socket of sending) socket.destroy();
		});
		return sending;
	}
}

/**
 * Returns the bytes of a request if its client writes headers as `Name: value` and tells the length of the body, as Node's and
 * undici's do. Otherwise the result does not fit what the connection has read, and the connection is not passed on.
 */
function sizeOf({ method = '', url = '', rawHeaders, headers }: IncomingMessage): number {
	const line = `${method} ${url} HTTP/1.1\r\n`.length;
	const fields = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0); // `: ` after a name, a line's end after a value
	return line + fields + 2 + Number(headers['content-length'] ?? 0);
}
