import type { LoggedEvent } from '../../functions/event-log/api.ts';

/** Events by their ids. */
export type Live = ReadonlyMap<string, LoggedEvent>;

/**
 * What was asked for and what has come since as one list, newest first: ids are in the order of time. An event that has come
 * is as it came.
 * @param more whether the log goes on after `rows`: then nothing older belongs here, or there would be a gap before it
 */
export function merge(rows: readonly LoggedEvent[], live: Live, more = false): LoggedEvent[] {
	const all = new Map(rows.map((event) => [event.id, event]));
	const last = more ? (rows.at(-1)?.id ?? '') : '';
	for (const [id, event] of live) if (id >= last) all.set(id, event);
	return [...all.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** Those that are shown while the ones newer than `upTo` are held back; all of them without it. */
export const upToHere = (events: readonly LoggedEvent[], upTo: string | undefined): readonly LoggedEvent[] =>
	upTo === undefined ? events : events.filter(({ id }) => id <= upTo);
