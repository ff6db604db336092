import type { Effect } from './effect.ts';

/** A kind of fault, as the plan needs it. */
export interface Plannable {
	readonly name: string;
	/** What it can hit, such as functions. Empty if there is only one thing to hit. */
	readonly victims: readonly string[];
	/** The shortest and longest duration, in seconds. */
	readonly lasts: readonly [number, number];
}

/** A fault that has begun. */
export interface Hit {
	/** What was hit, if it is not the planned victim. */
	readonly victim?: string;
	/** Ends the fault. It is repeated when it throws, because the shop can be too broken to be mended. */
	readonly mend?: () => Promise<void>;
}

/** A kind of fault that a place can inject. */
export interface FaultKind extends Plannable {
	/** The time that the shop has after the fault's end until it answers again, in seconds. */
	readonly recovery: number;
	/** The functions that are allowed to fail during the fault. */
	effect(victim: string): Effect;
	/**
	 * Begins the fault.
	 * @param pick from 0 to 1; it selects one of several, such as the instance to kill
	 * @returns undefined if there is nothing to hit
	 */
	begin(victim: string, pick: number): Promise<Hit | undefined>;
}

/** A fault that was injected. Times are in milliseconds since the run began. */
export interface Injected {
	readonly kind: string;
	readonly victim: string;
	readonly began: number;
	/** Infinity while it lasts. */
	readonly ended: number;
	/** Milliseconds. */
	readonly recovery: number;
	readonly effect: Effect;
	/** Whether there was nothing to hit. */
	readonly isIdle?: boolean;
}

/** Why an answer or a delivery can fail: `http` for answers, `events` for deliveries. */
export type Side = keyof Effect;

/** Returns whether a fault explains that a function failed between two times, in milliseconds since the run began. */
export const explains = (faults: readonly Injected[], side: Side, fn: string, from: number, to: number): boolean =>
	faults.some(
		({ effect, began, ended, recovery }) => effect[side].includes(fn) && began <= to && from <= ended + recovery,
	);

/** Selects one of the things that a fault can hit. @param pick from 0 to 1 */
export const chosen = <T>(items: readonly T[], pick: number): T | undefined => items[Math.floor(pick * items.length)];
