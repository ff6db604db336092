import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The message that ends a transaction, and the one that ends the start of a session (PostgreSQL docs, 54.7). */
const committed = Buffer.from('COMMIT\0');
const ready = Buffer.from('Z\0\0\0\x05I');

/**
 * How the network treats the connections to Postgres: `silent` holds everything until it passes again; `refuse` resets new
 * connections; `lose commits` resets a connection in the place of the answer to a COMMIT; `end when ready` ends a
 * connection in the packet that says that it is ready.
 */
export type Mode = 'pass' | 'silent' | 'refuse' | 'lose commits' | 'end when ready';

interface Pair {
	readonly client: Socket;
	readonly server: Socket;
	/** Its bytes are swallowed, in both directions. */
	forgotten: boolean;
}

/** Stands between the functions and Postgres as a network that can be broken. */
export class PostgresProxy {
	mode: Mode = 'pass';
	readonly #databasePort: () => number;
	readonly #pairs = new Set<Pair>();
	#server: Server | undefined;

	/** @param databasePort is read for each connection, because Postgres can restart at another port */
	constructor(databasePort: () => number) {
		this.#databasePort = databasePort;
	}

	async listen(): Promise<number> {
		this.#server = createServer((client) => this.#join(client)).listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		return (this.#server.address() as AddressInfo).port;
	}

	close(): void {
		this.#server?.close();
		this.cut();
	}

	/** Lets everything pass again. Connections that were forgotten are reset, as by a router that does not know them. */
	mend(): void {
		this.mode = 'pass';
		for (const pair of this.#pairs)
			if (pair.forgotten) reset(pair);
			else {
				pair.client.resume();
				pair.server.resume();
			}
	}

	/** Holds all bytes until `mend`, those of new connections too. */
	silence(): void {
		this.mode = 'silent';
		for (const { client, server } of this.#pairs) {
			client.pause();
			server.pause();
		}
	}

	/** Resets every connection. */
	cut(): void {
		for (const pair of this.#pairs) reset(pair);
	}

	/** Swallows the bytes of every connection that is open now. New ones work. */
	forget(): void {
		for (const pair of this.#pairs) pair.forgotten = true;
	}

	#join(client: Socket): void {
		if (this.mode === 'refuse') {
			client.on('error', () => {}).resetAndDestroy();
			return;
		}
		const pair: Pair = { client, server: connect(this.#databasePort(), '127.0.0.1'), forgotten: false };
		this.#pairs.add(pair);
		const { server } = pair;
		let isReady = false;
		client.on('data', (chunk) => this.#pass(pair, chunk, client, server));
		server.on('data', (chunk: Buffer) => {
			if (this.mode === 'lose commits' && chunk.includes(committed)) return reset(pair);
			if (!isReady && chunk.includes(ready)) {
				isReady = true;
				if (this.mode === 'end when ready') {
					client.end(chunk);
					server.destroy();
					return;
				}
			}
			this.#pass(pair, chunk, server, client);
		});
		for (const [socket, other] of [
			[client, server],
			[server, client],
		] as const)
			socket
				.on('error', () => {})
				.on('drain', () => this.mode !== 'silent' && other.resume())
				.on('end', () => !pair.forgotten && other.end())
				.on('close', () => {
					if (pair.forgotten && socket === server) return;
					this.#pairs.delete(pair);
					other.destroy();
				});
		if (this.mode === 'silent') {
			client.pause();
			server.pause();
		}
	}

	#pass({ forgotten }: Pair, chunk: Buffer, from: Socket, to: Socket): void {
		if (!forgotten && !to.write(chunk)) from.pause();
	}
}

function reset({ client, server }: Pair): void {
	client.resetAndDestroy();
	server.resetAndDestroy();
}
