import type { LoggedEvent } from '../../../functions/event-log/api.ts';

export interface Branch {
	readonly event: LoggedEvent;
	readonly followed: readonly Branch[];
}

/** Returns the events that an event caused, directly and indirectly, in chronological order. */
export function consequencesOf(events: readonly LoggedEvent[], id: string): Branch[] {
	return events
		.filter(({ cause }) => cause === id)
		.sort((one, other) => (one.id < other.id ? -1 : 1))
		.map((event) => ({ event, followed: consequencesOf(events, event.id) }));
}
