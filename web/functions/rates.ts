import type { FunctionState } from '../../functions/info/api.ts';

/** A target's request count at one poll; `at` in milliseconds. */
export interface Look {
	readonly at: number;
	readonly requests: number;
}

/** The polls of each target, by target name, oldest first. */
export type Looks = ReadonlyMap<string, readonly Look[]>;

/** Number of polls in a rate: enough to smooth it a little, few enough to react quickly. */
const kept = 4;

/** Adds a poll of every target. A lower count than before is a counter reset, which discards the earlier polls. */
export const looked = (looks: Looks, states: readonly FunctionState[], at: number): Looks =>
	new Map(
		states.map(({ name, requests }) => {
			const before = looks.get(name) ?? [];
			const goesOn = requests >= (before.at(-1)?.requests ?? 0);
			return [name, [...(goesOn ? before : []), { at, requests }].slice(-kept)];
		}),
	);

/** Returns the requests per second over the polls, or undefined with fewer than two. */
export function rateOf(looks: readonly Look[] = []): number | undefined {
	const [first, last] = [looks[0], looks.at(-1)];
	return first && last && last.at > first.at
		? ((last.requests - first.requests) / (last.at - first.at)) * 1000
		: undefined;
}
