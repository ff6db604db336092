/** An error in one field of a request, e.g. `body.title`. */
export interface Fault {
	readonly field: string;
	readonly detail: string;
}

/** An error response. Its message is the `detail` of RFC 9457, which is written for people. */
export class Problem extends Error {
	readonly status: number;
	readonly errors: readonly Fault[];
	readonly traceId: string | undefined;
	/** Seconds to wait before the next attempt, if the response says so. */
	readonly retryAfter: number | undefined;

	constructor(status: number, detail: string, errors: readonly Fault[] = [], traceId?: string, retryAfter?: number) {
		super(detail);
		this.status = status;
		this.errors = errors;
		this.traceId = traceId;
		this.retryAfter = retryAfter;
	}
}

/** There was no response. */
export class Lost extends Error {}

/** There was no response in time. The shop itself can still be reachable. */
export class TooSlow extends Error {}

/** Returns whether the same request can succeed in a moment. 502 to 504: a function is unavailable. */
export const isPassing = (error: unknown): boolean =>
	error instanceof Lost ||
	error instanceof TooSlow ||
	(error instanceof Problem && [502, 503, 504].includes(error.status));

export const faultOf = (error: unknown, field: string): string | undefined =>
	error instanceof Problem ? error.errors.find((fault) => fault.field === field)?.detail : undefined;
