import { setTimeout as after } from 'node:timers/promises';
import type { Queryable } from '../../../kit/data/database.ts';
import { messageOf } from '../../../kit/http/problem.ts';
import { log } from '../../../kit/trace/log.ts';
import type { LoggedEvent } from '../api.ts';
import { matches } from './filters.ts';
import { list } from './log.ts';
import type { Filters } from './query.ts';
import { type OwnedEvent, shown, type Viewer } from './viewer.ts';

/** How many of the newest events each poll reads. Changes to older events are not streamed. */
const size = 200;
/** Reads every event, because clients share a poll. Each client is then shown the parts that it is allowed to see. */
const everything: Viewer = { admin: true, account: null };
/** How many of them a new client receives first. */
const atOnce = 50;
/** The time between two polls, in milliseconds. */
const pause = 500;

/** An event without its payload, and its JSON text, which is compared to detect changes. */
interface Seen {
	readonly event: OwnedEvent;
	readonly text: string;
}

/**
 * The newest events of the log, shared by all clients that follow them. One query every 500 ms serves all clients;
 * without clients, no query runs. Postgres NOTIFY would avoid polling, but every transaction that emits or handles an
 * event would have to notify, and notifying transactions commit one after the other.
 */
class Newest {
	readonly #db: Queryable;
	#seen: readonly Seen[] = [];
	#looking: Promise<readonly Seen[]> | undefined;
	#next: Promise<readonly Seen[]> | undefined;
	/** The signals of the clients that wait for the next poll; each is aborted when its client disconnects. */
	readonly #waiting = new Set<AbortSignal>();

	constructor(db: Queryable) {
		this.#db = db;
	}

	/** Reads the events now, newest first. Never runs two queries in parallel, because the older could finish last. */
	look(): Promise<readonly Seen[]> {
		this.#looking ??= this.#read().finally(() => {
			this.#looking = undefined;
		});
		return this.#looking;
	}

	async #read(): Promise<readonly Seen[]> {
		const events = await list(this.#db, everything, size, undefined, {});
		this.#seen = events.map(({ data: _data, ...event }) => ({ event, text: JSON.stringify(event) }));
		return this.#seen;
	}

	/** Returns the next poll, shared by all clients. If the database does not answer, returns the previous events. */
	next(signal: AbortSignal): Promise<readonly Seen[]> {
		this.#waiting.add(signal);
		this.#next ??= after(pause)
			.then(() => {
				const nobody = [...this.#waiting].every(({ aborted }) => aborted);
				this.#waiting.clear();
				return nobody ? this.#seen : this.look();
			})
			.catch((error) => {
				log.warn('cannot read the newest events; trying again', { error: messageOf(error) });
				return this.#seen;
			})
			.finally(() => {
				this.#next = undefined;
			});
		return this.#next;
	}
}

/** One instance per database. Outside of tests, a process has one database. */
const newest = new WeakMap<Queryable, Newest>();

/** Yields the newest events, oldest first, then each new or changed one. @throws when the first query fails */
export async function follow(
	db: Queryable,
	viewer: Viewer,
	filters: Filters,
): Promise<(signal: AbortSignal) => AsyncIterable<LoggedEvent>> {
	const shared = newest.get(db) ?? new Newest(db);
	newest.set(db, shared);
	const first = wanted(await shared.look(), viewer, filters);
	return async function* (signal) {
		for (const { event } of first.slice(-atOnce)) yield shown(viewer, event);
		for (let before = first; !signal.aborted; ) {
			const now = wanted(await shared.next(signal), viewer, filters);
			const known = new Set(before.map(({ text }) => text));
			for (const { event, text } of now) if (!known.has(text)) yield shown(viewer, event);
			before = now;
		}
	};
}

const wanted = (seen: readonly Seen[], viewer: Viewer, filters: Filters): Seen[] =>
	seen.filter(({ event }) => matches(viewer, filters, event)).reverse();
