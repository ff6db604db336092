import type { Account } from './account.ts';
import type { History } from './history.ts';
import { type Invariant, judge, type Verdict } from './invariants/invariant.ts';
import type { Random } from './random.ts';
import type { Visitor } from './visitor.ts';

/** What the parts of a run share. */
export interface Scene {
	/** Distinguishes the records of this run from those of others in the same shop. */
	readonly run: string;
	readonly random: Random;
	readonly history: History;
	/** Whether the shop runs on this machine, with stand-ins for what is outside. */
	readonly isLocal: boolean;
	readonly admin: Account;
	/** Aborted some time after the faults: a client stops repeating a request without an answer. */
	readonly giveUp: AbortSignal;
	visitor(name: string): Visitor;
	/** Signs up and in. @throws {Error} when the shop refuses */
	account(name: string): Promise<Account>;
}

/** A virtual customer. It takes one step after the other until the faults are over. */
export interface Client {
	readonly name: string;
	/** The shortest and longest pause between two steps, in seconds: it bounds the rate. */
	readonly pause: readonly [number, number];
	step(): Promise<unknown>;
}

/** What one function of the shop contributes: its clients, and the invariants that hold in the end. */
export interface Part {
	readonly clients: readonly Client[];
	/** Reads the final state and checks it. @throws {Error} when it cannot be read */
	judge(): Promise<Verdict[]>;
}

/** The default export of each `part.ts` in the folders of `parts/`: makes the records that its clients need. */
export type OpenPart = (scene: Scene) => Promise<Part>;

/** @param read returns the records that the shop has stored in the end */
export const part = <State>(
	{ history }: Scene,
	clients: readonly Client[],
	read: () => Promise<State>,
	invariants: readonly Invariant<State>[],
): Part => ({ clients, judge: async () => judge(invariants, history, await read()) });
