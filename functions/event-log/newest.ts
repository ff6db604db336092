import { setTimeout as after } from 'node:timers/promises';
import type { Queryable } from '../../kit/data/database.ts';
import { messageOf } from '../../kit/http/problem.ts';
import { log } from '../../kit/trace/log.ts';
import type { LoggedEvent } from './api.ts';
import { type Filters, list } from './log.ts';

/** How many of the newest events are looked at, for what is new or has changed. What changes later than that is not told. */
const size = 200;
/** How many of them whoever begins to follow is told at once. */
const atOnce = 50;
/** From one look to the next, in milliseconds. */
const pause = 500;

/** An event without its payload, and its text, by which a change is known. */
interface Seen {
	readonly event: LoggedEvent;
	readonly text: string;
}

/**
 * The newest events of the log, for those who follow them. While there are any, one look every half second serves all of
 * them; while there are none, nobody looks. Postgres could be asked to tell by NOTIFY; but then every transaction that emits
 * or handles an event would have to notify, and those that do commit one after the other.
 */
class Newest {
	readonly #db: Queryable;
	#seen: readonly Seen[] = [];
	#looking: Promise<readonly Seen[]> | undefined;
	#next: Promise<readonly Seen[]> | undefined;
	/** Of those who wait for the next look: aborted when they have gone. */
	readonly #waiting = new Set<AbortSignal>();

	constructor(db: Queryable) {
		this.#db = db;
	}

	/** Newest first, now. Never two looks at once: the earlier could be the later to answer, and time would run backwards. */
	look(): Promise<readonly Seen[]> {
		this.#looking ??= this.#read().finally(() => {
			this.#looking = undefined;
		});
		return this.#looking;
	}

	async #read(): Promise<readonly Seen[]> {
		const events = await list(this.#db, size, undefined, {});
		this.#seen = events.map(({ data: _data, ...event }) => ({ event, text: JSON.stringify(event) }));
		return this.#seen;
	}

	/** The next look, the same for all who wait for it; what was seen before, when the database does not answer. */
	next(signal: AbortSignal): Promise<readonly Seen[]> {
		this.#waiting.add(signal);
		this.#next ??= after(pause)
			.then(() => {
				const nobody = [...this.#waiting].every(({ aborted }) => aborted);
				this.#waiting.clear();
				return nobody ? this.#seen : this.look();
			})
			.catch((error) => {
				log.warn('the newest events could not be looked at', { error: messageOf(error) });
				return this.#seen;
			})
			.finally(() => {
				this.#next = undefined;
			});
		return this.#next;
	}
}

/** One for each database that a process knows, which is one but in tests. */
const newest = new WeakMap<Queryable, Newest>();

/**
 * Follows the log: the newest events, oldest first, then each that is new or whose deliveries have changed.
 * @throws when the database does not answer at first; from then on that is waited out
 */
export async function follow(
	db: Queryable,
	filters: Filters,
): Promise<(signal: AbortSignal) => AsyncIterable<LoggedEvent>> {
	const shared = newest.get(db) ?? new Newest(db);
	newest.set(db, shared);
	const first = wanted(await shared.look(), filters);
	return async function* (signal) {
		for (const { event } of first.slice(-atOnce)) yield event;
		for (let before = first; !signal.aborted; ) {
			const now = wanted(await shared.next(signal), filters);
			const known = new Set(before.map(({ text }) => text));
			for (const { event, text } of now) if (!known.has(text)) yield event;
			before = now;
		}
	};
}

const wanted = (seen: readonly Seen[], { type, subject, trace }: Filters): Seen[] =>
	seen
		.filter(
			({ event }) =>
				(type === undefined || event.type === type) &&
				(subject === undefined || event.subject === subject) &&
				(trace === undefined || event.traceparent.slice(3, 35) === trace),
		)
		.reverse();
