/** A burst of requests as it goes on; its numbers grow. */
export interface Burst {
	sent: number;
	failed: number;
	/** What the last one that failed has failed with. */
	failure: unknown;
	/** How long each that succeeded took, in milliseconds, in the order of their ends. */
	readonly durations: number[];
}

export interface Bounds {
	/** The most requests. */
	readonly requests: number;
	/** None is begun later than this, in milliseconds. */
	readonly milliseconds: number;
	/** So many are under way at once. */
	readonly atOnce: number;
}

export const newBurst = (): Burst => ({ sent: 0, failed: 0, failure: undefined, durations: [] });

/**
 * Sends requests as fast as they are answered, until there were enough, or for long enough, and notes in `burst` what comes
 * of them. When the signal is aborted those under way are given up, and not counted.
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

/** The value that a share of all is not above (the nearest rank); undefined of none. @param share from 0 to 1 */
export const percentile = (values: readonly number[], share: number): number | undefined =>
	values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)];
