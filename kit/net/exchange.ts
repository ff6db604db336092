import { type OutgoingHttpHeaders, request } from 'node:http';
import { reusing } from './timing.ts';

/** A request with a short body. */
interface Sent {
	readonly method: string;
	readonly headers: OutgoingHttpHeaders;
	readonly body?: string | undefined;
	/** Milliseconds for the whole answer to arrive. */
	readonly limit: number;
}

interface Answered {
	readonly status: number;
	readonly text: string;
}

const agent = reusing();

/**
 * Sends a request within the shop's own network, over HTTP, and reads the answer.
 * @throws {Error} without a whole answer within the limit
 */
export function exchange(url: URL, { method, headers, body = '', limit }: Sent): Promise<Answered> {
	const length = body || method !== 'GET' ? { 'content-length': Buffer.byteLength(body) } : {};
	return new Promise<Answered>((resolve, reject) => {
		const sent = request(url, { method, headers: { ...headers, ...length }, agent }, (answer) => {
			let text = '';
			answer.setEncoding('utf8').on('data', (chunk: string) => {
				text += chunk;
			});
			answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
			// Every answer closes. An error for each of them would take some 17 microseconds.
			answer.once('close', () => {
				if (!answer.complete) reject(new Error('the connection closed during the answer'));
			});
		});
		const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${limit / 1000} s`)), limit);
		sent.once('close', () => clearTimeout(timer)).once('error', reject);
		sent.end(body);
	});
}
