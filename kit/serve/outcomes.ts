/** The upper bounds of the buckets of durations, in milliseconds. A last bucket has the longer ones. */
export const bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const;

/** How the requests of an instance or a Service ended. */
export interface Outcomes {
	/** The number of requests answered with a 5xx. */
	readonly errors: number;
	/** The number of requests in each bucket of durations. */
	readonly durations: readonly number[];
}

/** Counts how requests end. */
export class OutcomeCounter implements Outcomes {
	errors = 0;
	readonly durations: number[] = [...bounds, 0].map(() => 0);

	/** Counts a request that took `ms` milliseconds. */
	add(status: number, ms: number): void {
		if (status >= 500) this.errors += 1;
		const bucket = bucketOf(ms);
		this.durations[bucket] = (this.durations[bucket] ?? 0) + 1;
	}
}

/** Returns the index of the bucket of a duration in milliseconds. */
export function bucketOf(ms: number): number {
	const found = bounds.findIndex((bound) => ms <= bound);
	return found < 0 ? bounds.length : found;
}

/** Adds the counts of several instances. Instances of an older release report none. */
export const sumOf = (all: readonly Partial<Outcomes>[]): Outcomes => ({
	errors: all.reduce((sum, { errors = 0 }) => sum + errors, 0),
	durations: [...bounds, 0].map((_, bucket) => all.reduce((sum, { durations }) => sum + (durations?.[bucket] ?? 0), 0)),
});
