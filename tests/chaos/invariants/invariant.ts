import type { Injected } from '../faults/fault.ts';
import type { Exchange } from '../history.ts';

/** What is known of a run: its history, or one made by hand. */
export interface Recorded {
	readonly exchanges: readonly Exchange[];
	readonly faults: readonly Injected[];
	/** Converts the time stamp of an event to milliseconds since the run began. */
	readonly at: (time: string) => number;
}

/** A promise of the shop, checked over what the clients saw and what is stored in the end. */
export interface Invariant<State> {
	/** What must be true, as a sentence. */
	readonly claim: string;
	/** Returns what contradicts it, each with its evidence. */
	violations(history: Recorded, state: State): readonly string[];
}

export interface Verdict {
	readonly claim: string;
	readonly violations: readonly string[];
}

export const judge = <State>(invariants: readonly Invariant<State>[], history: Recorded, state: State): Verdict[] =>
	invariants.map(({ claim, violations }) => ({ claim, violations: violations(history, state) }));
