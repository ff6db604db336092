import { type IncomingMessage, type RequestOptions, request, type ServerResponse } from 'node:http';
import { hasBody } from '../http/request.ts';
import { timing } from './timing.ts';

/** Headers for the next hop only (RFC 9110, 7.6.1). Node answers an `expect` itself. */
const hopByHop = new Set([
	'connection',
	'keep-alive',
	'proxy-connection',
	'proxy-authenticate',
	'proxy-authorization',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'expect',
]);

/** Headers that `Connection` cannot name: the body of a GET without its length would count as the next request. */
const needed = ['host', 'content-length'];

/**
 * Returns the headers that a proxy forwards, as names in lower case and values in turn: all but those for one hop, including
 * those that `Connection` names.
 * @param own headers of the proxy, in lower case; each replaces the received one, and undefined only removes it
 */
export function endToEnd(
	{ headers: { connection = 'keep-alive' }, rawHeaders }: IncomingMessage,
	own: Readonly<Record<string, string | undefined>> = {},
): string[] {
	const named = connection
		.toLowerCase()
		.split(',')
		.map((name) => name.trim());
	const forwarded: string[] = [];
	for (let at = 0; at < rawHeaders.length; at += 2) {
		const name = (rawHeaders[at] as string).toLowerCase();
		if (hopByHop.has(name) || Object.hasOwn(own, name) || (named.includes(name) && !needed.includes(name))) continue;
		forwarded.push(name, rawHeaders[at + 1] as string);
	}
	for (const [name, value] of Object.entries(own)) if (value !== undefined) forwarded.push(name, value);
	return forwarded;
}

/** Where a request is sent on to, and its headers from `endToEnd`. */
export interface Hop extends Pick<RequestOptions, 'host' | 'hostname' | 'port' | 'protocol' | 'agent'> {
	readonly path: string;
	readonly headers: readonly string[];
}

/**
 * Sends a request on, with its body, and returns the head of the response. The request ends when the client disconnects.
 * @throws {Error} when there is no connection or no valid response
 */
export async function sendOn(
	req: IncomingMessage,
	res: ServerResponse,
	{ headers, ...hop }: Hop,
): Promise<IncomingMessage> {
	const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
	let answered = false;
	// Throws if a part of the request is invalid for Node's client, which is stricter than its server.
	const sent = request({ timeout: timing.silence, ...hop, method: req.method, headers: [...headers, ...framing(req)] });
	sent.once('response', (answer) => {
		answered = true;
		resolve(answer);
	});
	// Not `once`: a connection can break again after the response has begun.
	sent.on('error', reject);
	sent.once('close', () => {
		// A response can also be no response: a 101 (Switching Protocols) that nobody asked for.
		if (!answered) reject(new Error('the connection closed without a response'));
	});
	sent.once('timeout', () => sent.destroy(new Error(`nothing arrived for ${timing.silence / 1000} s`)));
	sent.once('socket', (socket) => {
		if (!socket.connecting) return sendBody();
		const late = (): unknown => sent.destroy(new Error(`no connection within ${timing.connect / 1000} s`));
		const timer = setTimeout(late, timing.connect);
		socket.once('close', () => clearTimeout(timer));
		socket.once('connect', () => {
			clearTimeout(timer);
			sendBody();
		});
	});
	// Reads the body only once connected: a failed connection then consumes nothing, and a retry can send it.
	const sendBody = (): void => {
		if (hasBody(req)) req.pipe(sent);
		else sent.end();
	};
	if (res.closed) sent.destroy();
	else res.once('close', () => sent.destroy());
	return await promise;
}

/** Returns the header that ends the body of a request: its own for this hop, or one for a POST without a length. */
function framing({ method = 'GET', headers }: IncomingMessage): string[] {
	if (headers['transfer-encoding'] !== undefined) return ['transfer-encoding', 'chunked'];
	return headers['content-length'] !== undefined || method === 'GET' || method === 'HEAD'
		? []
		: ['content-length', '0'];
}

/** Returns a response to the client, and resolves when it has ended. @throws {Error} when its head is invalid */
export async function sendBack(answer: IncomingMessage, res: ServerResponse): Promise<void> {
	const status = answer.statusCode ?? 502;
	try {
		// A 204 has no length (RFC 9110, 8.6).
		const own = { 'x-content-type-options': 'nosniff', ...(status === 204 && { 'content-length': undefined }) };
		res.writeHead(status, endToEnd(answer, own));
	} catch (error) {
		answer.destroy();
		throw error;
	}
	// A short response has usually come with its head. Written in one piece and without a pipe, it takes half the time of the hop.
	if (answer.complete) res.end(answer.read());
	else {
		const breakOff = (): void => void (answer.complete || res.destroy());
		if (answer.destroyed) breakOff();
		answer.once('close', breakOff).pipe(res);
	}
	if (!res.closed) await new Promise<void>((resolve) => res.once('close', resolve));
}
