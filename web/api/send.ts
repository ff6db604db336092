import { type Fault, Lost, Problem, TooSlow } from './problem.ts';
import { Store } from './store.ts';

/** Whether the shop answers at all, as far as the last request knows. */
export const connected = new Store(true);

/** Longer than a cold start on a busy cluster, and than the download of a file. In milliseconds. */
const patience = { json: 30_000, file: 600_000 };

export interface Request {
	readonly method: string;
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	/** What is answered is to be kept as a file: `json` unless said. */
	readonly as?: 'json' | 'file';
	readonly signal?: AbortSignal | undefined;
}

export interface Reply {
	/** Parsed JSON, or a `Blob` of a file; undefined for an answer without a body. */
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
			// Asks each time, but with the ETag of what is at hand; a 304 is answered from there.
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
		// The browser keeps a Blob where it has room for it, however long it is.
		received = as === 'file' && response.ok ? await response.blob() : parse(await response.text());
	} catch (cause) {
		if (signal?.aborted) throw cause;
		// One function that takes too long is no lost connection.
		if (timeout.aborted) throw new TooSlow(`no answer within ${patience[as] / 1000} s`, { cause });
		connected.set(false);
		throw new Lost('the shop cannot be reached', { cause });
	}
	connected.set(true);
	if (!response.ok) throw problemOf(response, received);
	return { body: received, headers: response.headers };
}

/** The beginning of a trace, which every function that the request reaches goes on with (W3C Trace Context). */
function newTrace(): string {
	const hex = (bytes: number): string =>
		Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');
	return `00-${hex(16)}-${hex(8)}-01`;
}

function parse(text: string): unknown {
	try {
		return text ? JSON.parse(text) : undefined;
	} catch {
		// An ingress answers in its own words, or none.
		return undefined;
	}
}

function problemOf({ status, headers }: Response, body: unknown): Problem {
	const told = (body ?? {}) as { detail?: string; errors?: Fault[]; traceId?: string };
	// The shop says it in seconds; RFC 9110, 10.2.3 allows a date too, which then is not heeded.
	const retryAfter = Number.parseInt(headers.get('retry-after') ?? '', 10) || undefined;
	return new Problem(status, told.detail ?? `${status}`, told.errors, told.traceId, retryAfter);
}
