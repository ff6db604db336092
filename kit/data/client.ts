import { Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { clientOptions, limits } from './limits.ts';

/**
 * Opens a single connection. If it breaks between two statements, the next one fails.
 * @param answer how long the server has to answer a statement, in milliseconds
 */
export async function openClient(url: string, name: string, answer: number = limits.answer): Promise<pg.Client> {
	const client = new pg.Client(clientOptions(url, name, answer));
	// Without a listener, the loss of the connection would end the process.
	client.on('error', () => {});
	try {
		await client.connect();
	} catch (error) {
		void client.end();
		throw error;
	}
	return client;
}

/** Closes a connection. Waits for the server's end of it, but not long, because the network can be silent. */
export const closeClient = (client: pg.Client): Promise<void> =>
	Promise.race([client.end(), after(1_000, undefined, { ref: false })]);

/**
 * The first seconds of a new Pod of a cluster, which network policies admit after a moment. Until then the network refuses its packets
 * or drops them, and TCP would repeat a dropped first packet only after 1 s (RFC 6298, section 2).
 */
export class Admission {
	readonly #end = performance.now() + (process.env['KUBERNETES_SERVICE_HOST'] ? 10_000 : 0);
	#isOver = false;
	#limit = 0;

	/** Whether a failed attempt to connect can be too early. */
	get isPending(): boolean {
		return !this.#isOver && performance.now() < this.#end;
	}

	end(): void {
		this.#isOver = true;
	}

	/** Returns a socket that fails soon if it does not connect. Each has 50 ms more, because a database can be far away. */
	socket(): Socket {
		const socket = new Socket();
		if (!this.isPending) return socket;
		this.#limit += 50;
		const error = Object.assign(new Error(`no connection within ${this.#limit} ms`), { code: 'ETIMEDOUT' });
		const timer = setTimeout(() => socket.destroy(error), this.#limit);
		for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer));
		return socket;
	}
}
