import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hasBody } from '../http/request.ts';
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
	/** Serves the connections that come from another process. It does not listen, so it does not time their silence. */
	readonly #receiver: Server;
	/** How many bytes a connection had read at the end of its last request. */
	readonly #ends = new WeakMap<Socket, number>();
	readonly #rested: (socket: Socket) => void;
	/** The connections that wait until a process gets them: Node sends one at a time. */
	readonly #sending = new WeakMap<Peer, Set<Socket>>();

	/** @param rested called when the last request of a connection has its response, and another one can follow */
	constructor(server: Server, rested: (socket: Socket) => void) {
		this.#rested = rested;
		const times = { keepAliveTimeout: timing.reuse, keepAliveTimeoutBuffer: timing.idle - timing.reuse };
		this.#receiver = createServer(times, (req, res) => server.emit('request', req, res));
		this.#receiver.on('clientError', (error, socket) => server.emit('clientError', error, socket));
		server.prependListener('request', (req, res) => this.#watch(req, res));
	}

	#watch(req: IncomingMessage, res: ServerResponse): void {
		const { socket } = req;
		let end: number | undefined;
		// A client that sends the next request before it has the response cannot have its connection passed on.
		if (!hasBody(req)) end = socket.bytesRead;
		else
			req.once('end', () => {
				if (!res.writableEnded) end = socket.bytesRead;
			});
		this.#ends.delete(socket);
		res.once('close', () => {
			if (end === undefined || !res.writableFinished || !socket.writable) return;
			this.#ends.set(socket, end);
			this.#rested(socket);
		});
	}

	/** Serves a connection that another process has passed on. */
	receive(socket: Socket): void {
		this.#ends.set(socket, 0);
		this.#receiver.emit('connection', socket);
	}

	/** Passes a connection on, with a message. Returns false, and does nothing, while a request is in progress. */
	pass(socket: Socket, to: Peer, message: object): boolean {
		if (!to.connected || !to.send || !socket.writable || this.#ends.get(socket) !== socket.bytesRead) return false;
		const internals = socket as unknown as Internals;
		// Otherwise this process would read on until the other one confirms, and lose what it reads.
		internals._handle?.readStop();
		// Otherwise both processes would count the connection for this server, which would wait for it when it closes.
		internals.server = undefined;
		this.#ends.delete(socket);
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
