import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, isFailure, type Outcome } from './attempt.ts';
import type { Delivery } from './delivery.ts';
import { longest } from './post.ts';

interface Persistence extends Pick<Delivery, 'retry' | 'backoff'> {
	signal: AbortSignal;
	/** Called after each failed attempt; the first is number 1. `wait` is in milliseconds, undefined after the last. */
	onFailure(failure: Failure, attempt: number, wait: number | undefined): void;
}

/** Retries until an attempt succeeds, fails permanently, or is the last one. Returns the last attempt's outcome. */
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
