import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { isOpen } from '../../events/open.ts';

/**
 * Returns an event and all events that it caused, oldest first. The trace can contain others: a client that places
 * several orders within its own trace has all of them in it. `trace` is newest first.
 */
export function wayOf(first: LoggedEvent, trace: readonly LoggedEvent[]): readonly LoggedEvent[] {
	const known = new Set([first.id]);
	return trace.toReversed().filter(({ id, cause }) => {
		if (cause !== null && known.has(cause)) known.add(id);
		return known.has(id);
	});
}

export const isUnderWay = (events: readonly LoggedEvent[]): boolean => events.some(isOpen);
