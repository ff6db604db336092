import type { Injected } from './faults/fault.ts';

/** A request of a client, and its answer if there was one. Times are in milliseconds since the run began, monotonic. */
export interface Exchange {
	readonly client: string;
	/** The function whose operation it is; `gateway` for a page. */
	readonly fn: string;
	/** The name of the operation in the function's contract. */
	readonly operation: string;
	readonly method: string;
	readonly path: string;
	readonly body?: unknown;
	/** The headers that decide about the outcome: `idempotency-key`, `if-match`, `prefer`. */
	readonly headers: Readonly<Record<string, string>>;
	readonly sent: number;
	readonly ended: number;
	/** Missing when there was no answer: the outcome is then unknown. */
	readonly status?: number;
	readonly etag?: string;
	/** The body of the answer; for a stream, its messages. Not stored for long lists. */
	readonly answer?: unknown;
	/** Why there was no answer, or no whole one. */
	readonly error?: string;
	/** How the answer differs from its contract or from what is right for this request. */
	readonly breach?: string;
}

/** Everything that happened in a run, in the order in which it ended. */
export class History {
	readonly exchanges: Exchange[] = [];
	readonly faults: Injected[] = [];
	readonly #began = performance.now();
	readonly #offset = Date.now() - this.#began;

	/** Returns the milliseconds since the run began. */
	now(): number {
		return performance.now() - this.#began;
	}

	/** Converts the time stamp of an event to milliseconds since the run began. */
	readonly at = (time: string): number => Date.parse(time) - this.#offset - this.#began;
}

/** The outcome of a request that changes something: done, refused, or unknown. */
export function outcomeOf({ status, error }: Exchange): 'done' | 'refused' | 'unknown' {
	if (status === undefined || status >= 500 || (error !== undefined && status >= 300)) return 'unknown';
	return status < 400 ? 'done' : 'refused';
}

/** Whether a problem claims that the request changed nothing. */
export const claimsNothing = ({ status = 0, answer }: Exchange): boolean =>
	status >= 500 && /nothing was changed/i.test(String((answer as { detail?: unknown } | undefined)?.detail));
