import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection through the proxy. */
export interface Passing {
	readonly client: Socket;
	readonly server: Socket;
	/** Everything that the client has sent, as Latin-1. */
	sent: string;
	/** From now on, neither side receives anything. Both connections stay open. */
	swallow(): void;
}

/** What the proxy does with a piece from the server instead of passing it on. Returns false to pass it on. */
type Interception = (passing: Passing, piece: Buffer) => boolean;

/** Stands between a test and its database until the test ends, as a network that loses and breaks connections. */
export async function databaseProxy(databaseUrl: string) {
	const url = new URL(databaseUrl);
	const target = Number(url.port);
	const open = new Set<Passing>();
	let opened = 0;
	let intercept: Interception = () => false;
	const proxy = createServer((client) => {
		opened += 1;
		const server = connect(target, '127.0.0.1');
		let swallowed = false;
		const passing: Passing = {
			client,
			server,
			sent: '',
			swallow: () => {
				swallowed = true;
			},
		};
		open.add(passing);
		client.on('data', (piece) => {
			passing.sent += piece.toString('latin1');
			if (!swallowed) server.write(piece);
		});
		server.on('data', (piece) => {
			if (!swallowed && !intercept(passing, piece)) client.write(piece);
		});
		for (const [one, other] of [
			[client, server],
			[server, client],
		] as const) {
			one.on('error', () => {});
			one.on('close', () => {
				open.delete(passing);
				if (!swallowed) other.destroy();
			});
		}
	}).listen(0, '127.0.0.1');
	await once(proxy, 'listening');
	url.port = String((proxy.address() as AddressInfo).port);
	onTestFinished(() => {
		for (const { client, server } of open) for (const socket of [client, server]) socket.destroy();
		proxy.close();
	});
	return {
		/** The URL of the database through the proxy. */
		url: url.href,
		/** How many connections were opened. */
		opened: () => opened,
		/** Swallows what is sent on the established connections. New ones work. */
		swallow: () => {
			for (const passing of open) passing.swallow();
		},
		intercept: (interception: Interception) => {
			intercept = interception;
		},
	};
}

/** Breaks both connections when the server answers a statement that contains `text`. */
export const cut =
	(text: string) =>
	({ client, server, sent }: Passing): boolean => {
		if (!sent.includes(text)) return false;
		client.destroy();
		server.destroy();
		return true;
	};

/** Returns an ErrorResponse of the server (PostgreSQL, "Message Formats"). */
export function errorResponse(severity: string, code: string, message: string): Buffer {
	const fields = Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${message}\0\0`);
	const head = Buffer.alloc(5);
	head.write('E');
	head.writeInt32BE(fields.length + 4, 1);
	return Buffer.concat([head, fields]);
}
