import { Agent, type Dispatcher, interceptors } from 'undici';
import { binaryHeaders, type Event, type Headers } from '../event/event.ts';

/** A complete HTTP answer, whatever its status. */
export interface Answer {
	status: number;
	headers: Headers;
	body: Buffer;
}

/** No complete HTTP answer came. */
export class NoAnswer extends Error {
	override name = 'NoAnswer';
	/** Whether the connection failed, which Knative tells the dead letter sink of; it does not tell of a time-out. */
	readonly unreachable: boolean;

	constructor(message: string, unreachable: boolean) {
		super(message);
		this.unreachable = unreachable;
	}
}

/** Sends events over kept connections, following redirects as Go's client does, which Knative leaves at its defaults. */
export function createClient(): Dispatcher {
	// How long an answer may take is delivery.timeout's to say, which need not be there.
	return new Agent({ headersTimeout: 0, bodyTimeout: 0 }).compose(
		interceptors.redirect({ maxRedirections: 10, throwOnMaxRedirect: true }),
	);
}

/** Where and within what time an event is posted, and with which headers beside its own. */
export interface Post {
	client: Dispatcher;
	url: string;
	headers?: Record<string, string>;
	/** Milliseconds until the end of the answer; undefined is for ever. */
	timeout?: number | undefined;
	signal: AbortSignal;
}

/**
 * Posts an event once, in binary mode.
 *
 * @throws NoAnswer if no complete answer came; the signal's reason if it was aborted.
 */
export async function post(event: Event, { client, url, headers, timeout, signal }: Post): Promise<Answer> {
	const expiry = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
	let status: number | undefined;
	try {
		const { origin, pathname, search } = new URL(url);
		const response = await client.request({
			origin,
			path: pathname + search,
			method: 'POST',
			headers: { ...binaryHeaders(event), ...headers },
			body: event.data.length > 0 ? event.data : null,
			signal: expiry === undefined ? signal : AbortSignal.any([signal, expiry]),
		});
		status = response.statusCode;
		return { status, headers: response.headers, body: Buffer.from(await response.body.arrayBuffer()) };
	} catch (error) {
		signal.throwIfAborted();
		if (expiry?.aborted) throw new NoAnswer(`no answer within ${timeout} ms`, false);
		const message = error instanceof Error ? error.message || error.name : String(error);
		if (status !== undefined) throw new NoAnswer(`the answer broke off: ${message}`, false);
		throw new NoAnswer(`Post "${url}": ${message}`, true);
	}
}
