/** What is wrong with one field of a request, e.g. `body.title`. */
export interface Fault {
	readonly field: string;
	readonly detail: string;
}

/** An answer that is not a success; its message is the `detail` of RFC 9457, made to be read. */
export class Problem extends Error {
	readonly status: number;
	readonly errors: readonly Fault[];
	readonly traceId: string | undefined;
	/** In how many seconds to try again, if the answer says so. */
	readonly retryAfter: number | undefined;

	constructor(status: number, detail: string, errors: readonly Fault[] = [], traceId?: string, retryAfter?: number) {
		super(detail);
		this.status = status;
		this.errors = errors;
		this.traceId = traceId;
		this.retryAfter = retryAfter;
	}

	/** It may go well in a moment: the function, or one it calls, is away. */
	get passing(): boolean {
		return [502, 503, 504].includes(this.status);
	}
}

/** No answer at all came. */
export class Lost extends Error {}

/** No answer came in time, though the shop may be there. */
export class TooSlow extends Error {}

/** Whether the same request may go well in a moment. */
export const isPassing = (error: unknown): boolean =>
	error instanceof Lost || error instanceof TooSlow || (error instanceof Problem && error.passing);

/** What is wrong with a field, if the problem names it. */
export const faultOf = (error: unknown, field: string): string | undefined =>
	error instanceof Problem ? error.errors.find((fault) => fault.field === field)?.detail : undefined;
