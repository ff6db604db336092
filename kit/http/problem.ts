import { STATUS_CODES } from 'node:http';
import { shop } from '../../shop.ts';

/** One thing that is wrong with a request: where (`body.price`, `query.limit`), and what was found and wanted. */
export interface Fault {
	readonly field: string;
	readonly detail: string;
}

/**
 * An answer that is not a success, as RFC 9457 has it. Throw it from anywhere below an operation: the kit turns it into
 * `application/problem+json`. Its detail is for the caller to read, so it says what was found, what was wanted and what to do.
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

	/** The body; `about:blank` is the type of a problem that its status says everything about (RFC 9457, 4.2.1). */
	body(traceId: string): Record<string, unknown> {
		return {
			type: 'about:blank',
			title: STATUS_CODES[this.status] ?? 'Error',
			status: this.status,
			detail: this.message,
			...(this.errors ? { errors: this.errors } : {}),
			traceId,
		};
	}
}

export const notFound = (what: string, id: string | number): Problem =>
	new Problem(404, `There is no ${what} ${id}. It may have been deleted; ask for the list to see which there are.`);

/** 401 with its challenge, which names an error only where a token was sent (RFC 6750, 3). */
export const unauthorized = (detail: string, error?: 'invalid_token'): Problem =>
	new Problem(401, detail, {
		headers: { 'www-authenticate': `Bearer realm="${shop.name}"${error ? `, error="${error}"` : ''}` },
	});

/** What went wrong elsewhere, in words for the log and the event log; never sent to a caller of the HTTP interface. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
