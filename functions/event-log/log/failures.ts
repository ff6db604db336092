import { pauseAfter } from '../../../eventing/delivery.ts';
import type { Failure } from './delivery.ts';

/** A failure as the inbox stores it. Older releases stored each attempt on its own, without its publication. */
export type StoredFailure = Pick<Failure, 'at' | 'error'> & Partial<Failure>;

export const failuresOf = (stored: readonly StoredFailure[]): Failure[] =>
	stored.map(({ publication = null, error, times = 1, at, first_at = at }) => ({
		publication,
		error,
		times,
		first_at,
		at,
	}));

export const timesOf = (failures: readonly Failure[]): number => failures.reduce((sum, { times }) => sum + times, 0);

/** Returns the failure that was met last. */
export const lastOf = (failures: readonly Failure[]): Failure | undefined =>
	failures.reduce<Failure | undefined>((last, each) => (last && last.at > each.at ? last : each), undefined);

/**
 * Returns the earliest time of the Broker's next attempt, or null when it makes none or when the number of its attempts is not
 * known.
 * @param unlisted the number of failures that are not stored any more
 */
export function retryAfter(failures: readonly Failure[], unlisted: number): string | null {
	const last = lastOf(failures);
	if (!last || last.publication === null) return null;
	const own = failures.filter(({ publication }) => publication === last.publication);
	// Some attempts of the only listed publication can be among those that are not stored.
	if (unlisted > 0 && own.length === failures.length) return null;
	const pause = pauseAfter(timesOf(own));
	return pause === undefined ? null : new Date(Date.parse(last.at) + pause).toISOString();
}
