import {
	type IncomingHttpHeaders,
	type IncomingMessage,
	type RequestOptions,
	request,
	type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
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

/** Returns the headers that a proxy forwards: all but those for one hop, including those that `Connection` names. */
export function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
	const named = new Set(
		(headers.connection ?? '')
			.toLowerCase()
			.split(',')
			.map((name) => name.trim()),
	);
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.has(name)));
}

/**
 * Sends a request on, with its body, and returns the head of the response. The request ends when the client disconnects.
 * @throws {Error} when there is no connection or no valid response
 */
export function sendOn(req: IncomingMessage, res: ServerResponse, options: RequestOptions): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const chunked = req.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
		const headers = { ...(options.headers as IncomingHttpHeaders), ...chunked };
		// Throws if a part of the request is invalid for Node's client, which is stricter than its server.
		const sent = request({ timeout: timing.silence, ...options, method: req.method, headers }, resolve);
		// Not `once`: a connection can break again after the response has begun.
		sent.on('error', reject);
		// A response can also be no response: a 101 (Switching Protocols) that nobody asked for.
		sent.once('close', () => reject(new Error('the connection closed without a response')));
		sent.once('timeout', () => sent.destroy(new Error(`nothing arrived for ${timing.silence / 1000} s`)));
		// Reads the body only once connected: a failed connection then consumes nothing, and a retry can send it.
		sent.once('socket', (socket) => {
			if (!socket.connecting) return req.pipe(sent);
			const late = (): unknown => sent.destroy(new Error(`no connection within ${timing.connect / 1000} s`));
			const timer = setTimeout(late, timing.connect);
			socket.once('close', () => clearTimeout(timer));
			socket.once('connect', () => {
				clearTimeout(timer);
				req.pipe(sent);
			});
		});
		if (res.closed) sent.destroy();
		else res.once('close', () => sent.destroy());
	});
}

/** Returns a response to the client, and resolves when it has ended. @throws {Error} when its head is invalid */
export async function sendBack(answer: IncomingMessage, res: ServerResponse): Promise<void> {
	const { 'content-length': length, ...headers } = endToEnd(answer.headers);
	const status = answer.statusCode ?? 502;
	try {
		// A 204 has no length (RFC 9110, 8.6).
		res.writeHead(status, length === undefined || status === 204 ? headers : { ...headers, 'content-length': length });
	} catch (error) {
		answer.destroy();
		throw error;
	}
	// The pipeline fails when the client disconnects early. That is not an error.
	await pipeline(answer, res).catch(() => res.destroy());
}
