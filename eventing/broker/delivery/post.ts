import { Agent, type Dispatcher, interceptors } from 'undici';
import { binaryHeaders, type Event, type Headers } from '../event/event.ts';

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

/** Reuses connections, and follows redirects like Go's HTTP client, whose defaults Knative uses. */
export function createClient(): Dispatcher {
	// Only `delivery.timeout` limits the response time, and it is optional.
	return new Agent({ headersTimeout: 0, bodyTimeout: 0 }).compose(
		interceptors.redirect({ maxRedirections: 10, throwOnMaxRedirect: true }),
	);
}

export interface Post {
	client: Dispatcher;
	url: string;
	headers?: Record<string, string>;
	/** Time limit for the complete response in milliseconds; undefined means no limit. */
	timeout?: number | undefined;
	signal: AbortSignal;
}

/** @throws NoAnswer if no complete response arrived; the signal's reason if it was aborted. */
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
		if (expiry?.aborted) throw new NoAnswer(`no response within ${timeout} ms`, false);
		const message = error instanceof Error ? error.message || error.name : String(error);
		if (status !== undefined) throw new NoAnswer(`the response broke off: ${message}`, false);
		throw new NoAnswer(`Post "${url}": ${message}`, true);
	}
}
