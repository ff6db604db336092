import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
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
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

const agent = reusing();

/**
 * Sends a request of the cluster's own network, over HTTP, and reads the answer. It takes half the time of `fetch`.
 * @throws {Error} without a whole answer within the limit
 */
export function exchange(url: URL, { method, headers, body = '', limit }: Sent): Promise<Answered> {
	return new Promise((resolve, reject) => {
		const length = body || method !== 'GET' ? { 'content-length': Buffer.byteLength(body) } : {};
		const sent = request(url, { method, headers: { ...headers, ...length }, agent }, (answer) => {
			const chunks: string[] = [];
			answer.setEncoding('utf8');
			answer.on('data', (chunk: string) => chunks.push(chunk));
			answer.once('end', () => settle(() => resolve(answered(chunks))));
			answer.once('close', () => settle(() => reject(new Error('the connection closed during the answer'))));
			const answered = (text: string[]): Answered => ({
				status: answer.statusCode ?? 0,
				headers: answer.headers,
				text: text.join(''),
			});
		});
		const settle = (end: () => void): void => {
			clearTimeout(timer);
			end();
		};
		const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${limit / 1000} s`)), limit);
		sent.once('error', (error) => settle(() => reject(error)));
		sent.end(body);
	});
}
