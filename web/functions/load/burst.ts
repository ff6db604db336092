/** The results of a burst of requests, updated while it runs. */
export interface Burst {
	sent: number;
	failed: number;
	/** The error of the last failed request. */
	failure: unknown;
	/** The duration of each successful request in milliseconds, in the order of completion. */
	readonly durations: number[];
}

export interface Bounds {
	readonly requests: number;
	/** No request starts later than this many milliseconds after the first. */
	readonly milliseconds: number;
	readonly atOnce: number;
}

export const newBurst = (): Burst => ({ sent: 0, failed: 0, failure: undefined, durations: [] });

/**
 * Sends requests back to back until a bound is reached, and records the results in `burst`. Aborting the signal cancels
 * the requests in flight; they are not counted.
 */
export async function run(
	burst: Burst,
	send: (signal: AbortSignal) => Promise<unknown>,
	{ requests, milliseconds, atOnce }: Bounds,
	signal: AbortSignal,
): Promise<void> {
	const end = performance.now() + milliseconds;
	let begun = 0;
	const sender = async (): Promise<void> => {
		while (begun < requests && performance.now() < end && !signal.aborted) {
			begun += 1;
			const start = performance.now();
			try {
				await send(signal);
				burst.durations.push(performance.now() - start);
			} catch (error) {
				if (signal.aborted) return;
				burst.failed += 1;
				burst.failure = error;
			}
			burst.sent += 1;
		}
	};
	await Promise.all(Array.from({ length: atOnce }, sender));
}

/** Returns the nearest-rank percentile, or undefined without values. @param share from 0 to 1 */
export const percentile = (values: readonly number[], share: number): number | undefined =>
	values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)];
