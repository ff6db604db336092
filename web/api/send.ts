import { type Fault, Lost, Problem, TooSlow } from './problem.ts';
import { Store } from './store.ts';

/** Whether the last request reached the shop. */
export const connected = new Store(true);

/** Timeouts in milliseconds: longer than a cold start on a busy cluster, and than the download of a file. */
const patience = { json: 30_000, file: 600_000 };

export interface Request {
	readonly method: string;
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	/** How to read the response: `json` by default. */
	readonly as?: 'json' | 'file';
	readonly signal?: AbortSignal | undefined;
}

export interface Reply {
	/** Parsed JSON, or a `Blob` for a file; undefined if the response has no body. */
	readonly body: unknown;
	readonly headers: Headers;
}

/** Sends a request to the shop. @throws {Problem | Lost | TooSlow} */
export async function send({ method, path, headers, body, as = 'json', signal }: Request): Promise<Reply> {
	const timeout = AbortSignal.timeout(patience[as]);
	let response: Response;
	let received: unknown;
	try {
		response = await fetch(path, {
			method,
			// Revalidate each time with the cached ETag. The browser serves a 304 from its cache.
			cache: 'no-cache',
			headers: {
				accept: 'application/json',
				traceparent: newTrace(),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...headers,
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
		});
		// The browser can store a long Blob on disk.
		received = as === 'file' && response.ok ? await response.blob() : parse(await response.text());
	} catch (cause) {
		if (signal?.aborted) throw cause;
		// One slow function does not mean a lost connection.
		if (timeout.aborted) throw new TooSlow(`no response within ${patience[as] / 1000} s`, { cause });
		connected.set(false);
		throw new Lost('the shop cannot be reached', { cause });
	}
	connected.set(true);
	if (!response.ok) throw problemOf(response, received);
	return { body: received, headers: response.headers };
}

/** Returns a new trace parent, which every function that the request reaches continues (W3C Trace Context). */
const newTrace = (): string => `00-${randomHex(16)}-${randomHex(8)}-01`;

export const randomHex = (bytes: number): string =>
	Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

function parse(text: string): unknown {
	try {
		return text ? JSON.parse(text) : undefined;
	} catch {
		// An ingress can respond with text or without a body.
		return undefined;
	}
}

function problemOf({ status, headers }: Response, body: unknown): Problem {
	const told = (body ?? {}) as { detail?: string; errors?: Fault[]; traceId?: string };
	// The shop sends seconds. RFC 9110, 10.2.3 also allows a date, which is ignored here.
	const retryAfter = Number.parseInt(headers.get('retry-after') ?? '', 10) || undefined;
	return new Problem(status, told.detail ?? `${status}`, told.errors, told.traceId, retryAfter);
}
