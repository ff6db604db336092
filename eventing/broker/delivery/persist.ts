import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, isFailure, type Outcome } from './attempt.ts';

/** How often to try, and how long to wait in between. */
export interface Persistence {
	/** Attempts after the first one. */
	retry: number;
	/** Milliseconds to wait after attempt `n` failed; the first attempt is 0. */
	backoff(n: number): number;
	signal: AbortSignal;
	/** Told of each failed attempt, of which the first is number 1. `wait` is in milliseconds, undefined after the last. */
	onFailure(failure: Failure, attempt: number, wait: number | undefined): void;
}

/** The longest that a timer of Node waits, 24 days; it would fire at once for anything longer. */
const longest = 2 ** 31 - 1;

/** Tries until it succeeds, fails for good, or all attempts are used up: the last attempt's outcome. */
export async function persist(
	once: () => Promise<Outcome>,
	{ retry, backoff, signal, onFailure }: Persistence,
): Promise<Outcome> {
	for (let n = 0; ; n++) {
		const outcome = await once();
		if (!isFailure(outcome)) return outcome;
		const wait = outcome.retryable && n < retry ? Math.min(backoff(n), longest) : undefined;
		onFailure(outcome, n + 1, wait);
		if (wait === undefined) return outcome;
		await sleep(wait, undefined, { signal });
	}
}
