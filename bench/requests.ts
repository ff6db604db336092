import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A GET that is sent again and again. */
export interface Asked {
	/** `http://127.0.0.1:3000/path`. */
	readonly url: string;
	/** The Host header, if it differs from the URL's. */
	readonly host?: string;
}

/**
 * Returns the answers per second of a server that gets a GET on each of 20 connections at once. The client writes to bare
 * sockets, because an HTTP client in this process would need more time than the server.
 * @throws {Error} when an answer is not a 200
 */
export async function answersPerSecond({ url, host }: Asked, milliseconds = 2_000, connections = 20): Promise<number> {
	const { hostname, port, pathname, search, host: own } = new URL(url);
	const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host ?? own}\r\n\r\n`;
	const end = performance.now() + milliseconds;
	const start = performance.now();
	const counts = await Promise.all(
		Array.from({ length: connections }, async () => {
			const socket = connect(Number(port), hostname);
			await once(socket, 'connect');
			return await ask(socket.setNoDelay(), request, end);
		}),
	);
	return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - start);
}

/** Repeats a request on a connection until `end`. Returns the number of answers. */
function ask(socket: Socket, request: string, end: number): Promise<number> {
	let count = 0;
	let received = '';
	return new Promise((resolve, reject) => {
		socket.setEncoding('latin1').on('data', (text: string) => {
			received += text;
			if (!isWhole(received)) return;
			if (!received.startsWith('HTTP/1.1 200')) reject(new Error(`the answer to ${request} is ${received}`));
			received = '';
			count += 1;
			if (performance.now() < end) socket.write(request);
			else socket.end(() => resolve(count));
		});
		socket.once('error', reject).once('close', () => reject(new Error(`no whole answer to ${request}`)));
		socket.write(request);
	});
}

function isWhole(received: string): boolean {
	const head = received.indexOf('\r\n\r\n');
	if (head < 0) return false;
	const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
	return length === undefined ? received.endsWith('\r\n0\r\n\r\n') : received.length >= head + 4 + Number(length);
}
