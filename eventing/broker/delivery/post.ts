import { Agent, buildConnector, type Dispatcher, interceptors } from 'undici';
import { binaryHeaders, type Event, type Headers } from '../event/event.ts';
import type { Destination } from './destination.ts';

/** A complete HTTP response, whether or not its status is a success. */
export interface Answer {
	status: number;
	headers: Headers;
	body: Buffer;
}

/** The request got no complete HTTP response. */
export class NoAnswer extends Error {
	override name = 'NoAnswer';
	/** False for a timeout, because Knative reports only connection failures to the dead letter sink. */
	readonly unreachable: boolean;

	constructor(message: string, unreachable: boolean) {
		super(message);
		this.unreachable = unreachable;
	}
}

/** Milliseconds that an idle connection is reused: less than Node's servers keep one open, which close it after 5 s. */
const keepAliveTimeout = 4_000;
/** The largest response in bytes. Knative has no limit but its memory. */
const largest = 64 * 1024 * 1024;
/** The longest delay of a Node timer, 24 days in milliseconds. Node fires a longer timer immediately. */
export const longest = 2 ** 31 - 1;

/** Reuses connections, and follows redirects like Go's HTTP client, whose defaults Knative uses. */
export function createClient(): Dispatcher {
	// Only `delivery.timeout` and the publication's limit bound the response time.
	return new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout, connect }).compose(
		interceptors.redirect({ maxRedirections: 10, throwOnMaxRedirect: true }),
	);
}

/** The bytes that had arrived on the connection of an error. */
const received = new WeakMap<Error, number>();
const connector = buildConnector({});
const connect: buildConnector.connector = (options, callback) =>
	connector(options, (...[error, socket]) => {
		if (error !== null) return callback(error, null);
		socket.once('error', (broken) => received.set(broken, socket.bytesRead));
		callback(null, socket);
	});

/**
 * Whether a connection broke that had served other requests. Its server can have closed it, because it was idle, while the
 * request was on its way. An event can be delivered twice, so such a request is safe to send again.
 */
function wasReused(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const bytes = received.get(error) ?? (error as { socket?: { bytesRead?: number } }).socket?.bytesRead;
	return bytes !== undefined && bytes > 0;
}

export interface Post {
	client: Dispatcher;
	to: Destination;
	headers?: Record<string, string>;
	/** Time limit for the complete response in milliseconds; undefined means no limit. */
	timeout?: number | undefined;
	signal: AbortSignal;
}

/** @throws NoAnswer if no complete response arrived; the signal's reason if it was aborted. */
export async function post(event: Event, { client, to, headers, timeout, signal }: Post): Promise<Answer> {
	signal.throwIfAborted();
	const attempt = new AbortController();
	const abort = (): void => attempt.abort(signal.reason);
	signal.addEventListener('abort', abort, { once: true });
	let expired = false;
	const expire = (): void => {
		expired = true;
		attempt.abort();
	};
	// AbortSignal.timeout would stay in memory after a fast response.
	const timer = timeout === undefined ? undefined : setTimeout(expire, Math.min(timeout, longest));
	const authorization = to.authorization === undefined ? {} : { authorization: to.authorization };
	let status: number | undefined;
	try {
		for (let again = false; ; again = true) {
			try {
				const response = await client.request({
					origin: to.origin,
					path: to.target,
					method: 'POST',
					headers: { ...binaryHeaders(event), ...headers, ...authorization },
					body: event.data.length > 0 ? event.data : null,
					signal: attempt.signal,
				});
				status = response.statusCode;
				return { status, headers: response.headers, body: await readAll(response.body) };
			} catch (error) {
				if (again || status !== undefined || !wasReused(error)) throw error;
			}
		}
	} catch (error) {
		signal.throwIfAborted();
		if (expired) throw new NoAnswer(`no response within ${timeout} ms`, false);
		const message = error instanceof Error ? error.message || error.name : String(error);
		if (status !== undefined) throw new NoAnswer(`the response broke off: ${message}`, false);
		throw new NoAnswer(`Post "${to.shown}": ${message}`, true);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
	}
}

async function readAll(body: AsyncIterable<Buffer>): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		// Leaving the loop closes the connection.
		if (size > largest) throw new Error(`it has more than ${largest} bytes`);
		chunks.push(chunk);
	}
	return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
