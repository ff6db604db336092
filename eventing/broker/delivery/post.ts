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

/** Creates the client of all deliveries, which reuses connections. */
export function createClient(): Dispatcher {
	// Only `delivery.timeout` and the publication's limit bound the response time.
	return new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout, connect });
}

/** Follows redirects like Go's HTTP client, whose defaults Knative uses. */
const redirect = interceptors.redirect({ maxRedirections: 10, throwOnMaxRedirect: true });
const redirects = new Set([300, 301, 302, 303, 307, 308]);

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
export async function post(event: Event, request: Post): Promise<Answer> {
	const { to, timeout, signal } = request;
	signal.throwIfAborted();
	const exchange = new Exchange(event, request);
	signal.addEventListener('abort', exchange.abort);
	// AbortSignal.timeout would stay in memory after a fast response.
	const timer = timeout === undefined ? undefined : setTimeout(exchange.expire, Math.min(timeout, longest));
	try {
		return await exchange.answer();
	} catch (error) {
		signal.throwIfAborted();
		if (exchange.expired) throw new NoAnswer(`no response within ${timeout} ms`, false);
		const message = error instanceof Error ? error.message || error.name : String(error);
		if (exchange.begun) throw new NoAnswer(`the response broke off: ${message}`, false);
		throw new NoAnswer(`Post "${to.shown}": ${message}`, true);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', exchange.abort);
	}
}

/**
 * One request and its response. Handles undici's events itself, which saves 25 of 152 microseconds of an event beside its `request`
 * with a stream, an iterator and a signal for each response.
 */
class Exchange implements Dispatcher.DispatchHandler {
	readonly #client: Dispatcher;
	readonly #options: Dispatcher.DispatchOptions;
	#controller: Dispatcher.DispatchController | undefined;
	#settle: PromiseWithResolvers<Answer> = Promise.withResolvers();
	#stopped: Error | undefined;
	/** Follows the redirect that answers the request, if one does. */
	#follower: Dispatcher.DispatchHandler | undefined;
	/** Whether the response in progress is that redirect. */
	#isRedirected = false;
	#status = 0;
	#headers: Headers = {};
	#chunks: Buffer[] = [];
	#size = 0;
	expired = false;

	constructor(event: Event, { client, to, headers }: Post) {
		this.#client = client;
		const authorization = to.authorization === undefined ? {} : { authorization: to.authorization };
		this.#options = {
			origin: to.origin,
			path: to.target,
			method: 'POST',
			headers: { ...binaryHeaders(event), ...headers, ...authorization },
			body: event.data.length > 0 ? event.data : null,
		};
	}

	/** Whether the response has begun. */
	get begun(): boolean {
		return this.#status > 0;
	}

	/** Sends the request, and sends it again if its connection was closed before it arrived. */
	async answer(): Promise<Answer> {
		try {
			return await this.#dispatch();
		} catch (error) {
			if (this.begun || this.#stopped || !wasReused(error)) throw error;
			return await this.#dispatch();
		}
	}

	#dispatch(): Promise<Answer> {
		this.#settle = Promise.withResolvers();
		this.#follower = undefined;
		this.#isRedirected = false;
		this.#client.dispatch(this.#options, this);
		return this.#settle.promise;
	}

	abort = (): void => this.#stop(new Error('aborted'));

	expire = (): void => {
		this.expired = true;
		this.#stop(new Error('expired'));
	};

	#stop(reason: Error): void {
		this.#stopped = reason;
		this.#controller?.abort(reason);
		this.#settle.reject(reason);
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		this.#controller = controller;
		if (this.#stopped) controller.abort(this.#stopped);
	}

	onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Record<string, string>): void {
		// An informational response, such as 103, precedes the final one.
		if (status < 200) return;
		if (!this.#follower && redirects.has(status) && headers['location']) this.#follow(controller, status, headers);
		else {
			this.#status = status;
			this.#headers = headers;
		}
	}

	/** Lets undici's handler take over from here. One for each request took a tenth of an event's time. */
	#follow(controller: Dispatcher.DispatchController, status: number, headers: Record<string, string>): void {
		this.#isRedirected = true;
		redirect((options, handler) => {
			// It begins with the request that has been sent.
			if (this.#follower) return this.#client.dispatch(options, handler);
			this.#follower = handler;
			return true;
		})(this.#options, this);
		this.#follower?.onResponseStart?.(controller, status, headers);
	}

	onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
		if (this.#isRedirected) return;
		this.#size += chunk.length;
		if (this.#size > largest) controller.abort(new Error(`it has more than ${largest} bytes`));
		else this.#chunks.push(chunk);
	}

	onResponseEnd(controller: Dispatcher.DispatchController): void {
		if (this.#isRedirected) {
			this.#isRedirected = false;
			this.#follower?.onResponseEnd?.(controller, {});
			return;
		}
		const [chunk = Buffer.alloc(0), ...more] = this.#chunks;
		const body = more.length > 0 ? Buffer.concat(this.#chunks) : chunk;
		this.#settle.resolve({ status: this.#status, headers: this.#headers, body });
	}

	onResponseError(_: Dispatcher.DispatchController, error: Error): void {
		this.#settle.reject(error);
	}
}
