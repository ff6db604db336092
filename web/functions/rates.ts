import type { FunctionState } from '../../functions/info/api.ts';

/** What the count of a target's requests was at a look, which was at a time in milliseconds. */
export interface Look {
	readonly at: number;
	readonly requests: number;
}

/** The looks of each target, by its name, oldest first. */
export type Looks = ReadonlyMap<string, readonly Look[]>;

/** So many looks make a rate: enough to smooth it a little, and few enough to follow what goes on. */
const kept = 4;

/** The looks with one more of every target. A count that is less than before has started anew, and so do its looks. */
export const looked = (looks: Looks, states: readonly FunctionState[], at: number): Looks =>
	new Map(
		states.map(({ name, requests }) => {
			const before = looks.get(name) ?? [];
			const goesOn = requests >= (before.at(-1)?.requests ?? 0);
			return [name, [...(goesOn ? before : []), { at, requests }].slice(-kept)];
		}),
	);

/** Requests a second over the looks; undefined while there are fewer than two. */
export function rateOf(looks: readonly Look[] = []): number | undefined {
	const [first, last] = [looks[0], looks.at(-1)];
	return first && last && last.at > first.at
		? ((last.requests - first.requests) / (last.at - first.at)) * 1000
		: undefined;
}
