import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { traceOf } from './naming.ts';

export type Live = ReadonlyMap<string, LoggedEvent>;

/**
 * Merges fetched rows with live updates, newest first. Ids sort chronologically. A live event replaces its row.
 * @param more whether the log continues after `rows`. Older live events would then leave a gap, so they are left out.
 */
export function merge(rows: readonly LoggedEvent[], live: Live, more = false): LoggedEvent[] {
	const all = new Map(rows.map((event) => [event.id, event]));
	const last = more ? (rows.at(-1)?.id ?? '') : '';
	for (const [id, event] of live) if (id >= last) all.set(id, event);
	return [...all.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** Returns the events whose cause has an event up to and including the id `upTo`, or all events without it. */
export function upToHere(events: readonly LoggedEvent[], upTo: string | undefined): readonly LoggedEvent[] {
	if (upTo === undefined) return events;
	const traces = new Set(events.flatMap(({ id, traceparent }) => (id <= upTo ? [traceOf(traceparent)] : [])));
	return events.filter(({ traceparent }) => traces.has(traceOf(traceparent)));
}
