import { once } from 'node:events';
import { type Agent, request } from 'node:http';
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
	const question = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host ?? own}\r\n\r\n`;
	const end = performance.now() + milliseconds;
	const start = performance.now();
	const counts = await Promise.all(
		Array.from({ length: connections }, async () => {
			const socket = connect(Number(port), hostname);
			await once(socket, 'connect');
			return await ask(socket.setNoDelay(), question, end);
		}),
	);
	return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - start);
}

/** Repeats a request on a connection until `end`. Returns the number of answers. */
function ask(socket: Socket, question: string, end: number): Promise<number> {
	let count = 0;
	let received = '';
	return new Promise((resolve, reject) => {
		socket.setEncoding('latin1').on('data', (text: string) => {
			received += text;
			if (!isWhole(received)) return;
			if (!received.startsWith('HTTP/1.1 200')) reject(new Error(`the answer to ${question} is ${received}`));
			received = '';
			count += 1;
			if (performance.now() < end) socket.write(question);
			else socket.end(() => resolve(count));
		});
		socket.once('error', reject).once('close', () => reject(new Error(`no whole answer to ${question}`)));
		socket.write(question);
	});
}

function isWhole(received: string): boolean {
	const head = received.indexOf('\r\n\r\n');
	if (head < 0) return false;
	const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
	return length === undefined ? received.endsWith('\r\n0\r\n\r\n') : received.length >= head + 4 + Number(length);
}

/** Returns the milliseconds of a request. A body is posted, and waits for its order to settle. */
export async function timed(
	url: string,
	host: string,
	path: string,
	{ body, agent = false }: { readonly body?: string; readonly agent?: Agent | false } = {},
): Promise<number> {
	const start = performance.now();
	const headers = { host, 'content-type': 'application/json', prefer: 'wait=30' };
	const sent = request(`${url}${path}`, { method: body ? 'POST' : 'GET', headers, agent });
	sent.end(body);
	const [answer] = await once(sent, 'response');
	await answer.resume().toArray();
	if (answer.statusCode >= 300) throw new Error(`${path} at ${host} answered ${answer.statusCode}`);
	return performance.now() - start;
}
