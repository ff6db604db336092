import { STATUS_CODES } from 'node:http';
import { shop } from '../../shop.ts';

/** An invalid field of a request: its path (`body.price`, `query.limit`), and what was found and expected. */
export interface Fault {
	readonly field: string;
	readonly detail: string;
}

/**
 * An error response (RFC 9457). Throw it anywhere in an operation: the kit sends it as `application/problem+json`.
 * People read its detail, so it says what was found, what was expected and what to do.
 */
export class Problem extends Error {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly errors: readonly Fault[] | undefined;

	constructor(
		status: number,
		detail: string,
		more: { headers?: Record<string, string>; errors?: readonly Fault[]; cause?: unknown } = {},
	) {
		super(detail, { cause: more.cause });
		this.name = 'Problem';
		this.status = status;
		this.headers = more.headers ?? {};
		this.errors = more.errors;
	}

	/** Returns the body. The type `about:blank` means that the status defines the problem (RFC 9457, 4.2.1). */
	body(traceId?: string): Record<string, unknown> {
		return {
			type: 'about:blank',
			title: STATUS_CODES[this.status] ?? 'Error',
			status: this.status,
			detail: this.message,
			...(this.errors ? { errors: this.errors } : {}),
			...(traceId === undefined ? {} : { traceId }),
		};
	}
}

export const notFound = (what: string, id: string | number): Problem =>
	new Problem(404, `There is no ${what} ${id}. Perhaps it was deleted; get the list to see which ones exist.`);

/** Returns the value that a search found. @throws {Problem} 404 when it is undefined */
export function found<T>(value: T | undefined, what: string, id: string | number): T {
	if (value === undefined) throw notFound(what, id);
	return value;
}

/** Returns a 503 for a part of the shop or of the internet that does not answer. Clients retry after `seconds`. */
export const unavailable = (detail: string, cause: unknown, seconds = 2): Problem =>
	new Problem(503, detail, { headers: { 'retry-after': String(seconds) }, cause });

/** Returns a 401 with its challenge, which names an error only if a token was sent (RFC 6750, 3). */
export const unauthorized = (detail: string, error?: 'invalid_token'): Problem =>
	new Problem(401, detail, {
		headers: { 'www-authenticate': `Bearer realm="${shop.name}"${error ? `, error="${error}"` : ''}` },
	});

/** Returns an error's message for the log and the event log. It must not be sent to an HTTP client. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
