import { join } from 'node:path';
import type { Usage } from '../saga/processor.ts';

/** What one order costs while `atOnce` are in progress. Times are in milliseconds. */
export interface Measurement {
	readonly atOnce: number;
	/** How many were placed in a round. */
	readonly orders: number;
	readonly perSecond: number;
	readonly p50: number;
	readonly p95: number;
	/** What an order uses of each part of the shop, by the names of `usages`. */
	readonly parts: Readonly<Record<string, Usage>>;
	/** The cores that other programs used meanwhile. */
	readonly elsewhere: number;
	readonly walBytes: number;
	/** Committed transactions that changed something. */
	readonly commits: number;
}

/** The figures that the simulation starts from, as in `bench/simulation/measured.json`. */
export interface Measured {
	readonly cores: number;
	/** The processor time of Postgres for the begin and the commit of a transaction, in milliseconds. */
	readonly commit: number;
	/** The milliseconds until a commit is on the disk, beside one that does not wait for it. */
	readonly flush: number;
	readonly costs: readonly Measurement[];
}

export const measuredFile = join(import.meta.dirname, 'measured.json');
