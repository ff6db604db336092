import type { LoggedEvent } from '../../../functions/event-log/api.ts';

/** An event, and those whose emission its handling caused. */
export interface Branch {
	readonly event: LoggedEvent;
	readonly followed: readonly Branch[];
}

/** What followed from an event, in the order of time, and what from that. */
export function consequencesOf(events: readonly LoggedEvent[], id: string): Branch[] {
	return events
		.filter(({ cause }) => cause === id)
		.sort((one, other) => (one.id < other.id ? -1 : 1))
		.map((event) => ({ event, followed: consequencesOf(events, event.id) }));
}
