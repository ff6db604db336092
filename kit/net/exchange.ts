import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { reusing } from './timing.ts';

/** A request with a short body. */
interface Sent {
	readonly method: string;
	readonly headers?: OutgoingHttpHeaders;
	readonly body?: string | undefined;
	/** Milliseconds for the whole answer to arrive. */
	readonly limit: number;
	/** The most characters of the answer. */
	readonly most?: number;
}

interface Answered {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

const plain = { request, agent: reusing() };

/** Loaded at the first use, because TLS would slow down every cold start. Its own agent obeys `NODE_USE_ENV_PROXY`. */
async function secure(): Promise<{ request: typeof request; agent: Agent }> {
	const { request, globalAgent } = await import('node:https');
	return { request, agent: globalAgent };
}

/**
 * Sends a request and reads the answer. Redirects are not followed. `fetch` would do the same with 25 MB more, because it loads undici
 * and WebAssembly.
 * @throws {Error} without a whole answer within the limits
 */
export async function exchange(
	url: URL,
	{ method, headers, body = '', limit, most = Infinity }: Sent,
): Promise<Answered> {
	const { request, agent } = url.protocol === 'https:' ? await secure() : plain;
	const length = body || method !== 'GET' ? { 'content-length': Buffer.byteLength(body) } : {};
	return await new Promise<Answered>((resolve, reject) => {
		const sent = request(url, { method, headers: { ...headers, ...length }, agent }, (answer) => {
			let text = '';
			answer.setEncoding('utf8').on('data', (chunk: string) => {
				text += chunk;
				if (text.length <= most) return;
				reject(new Error(`the answer is longer than ${most} characters`));
				sent.destroy();
			});
			answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
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
