import type { Account } from './account.ts';
import type { FaultKind } from './faults/fault.ts';
import type { History } from './history.ts';
import type { Verdict } from './invariants/invariant.ts';
import type { Reach } from './visitor.ts';

/** A place where the shop runs, with the faults that can be injected there. */
export interface Target {
	readonly reach: Reach;
	readonly isLocal: boolean;
	readonly adminPassword: string;
	/** The shortest and longest time from the start of a fault to that of the next, in seconds. */
	readonly pause: readonly [number, number];
	/** Returns the faults of this place. */
	faults(admin: Account, history: History): FaultKind[];
	/** Closes what was opened, and checks the invariants of the place. Can be called once. */
	close(): Promise<Verdict[]>;
	/** The last lines of the shop's log, if this place has them. */
	readonly log: readonly string[];
}
