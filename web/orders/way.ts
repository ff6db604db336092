import type { LoggedEvent } from '../../functions/event-log/api.ts';

/**
 * What an event led to, itself included, oldest first. Its trace may hold more: whoever places several orders within a trace
 * of their own has them all in it.
 * @param trace the events of the trace, newest first
 */
export function wayOf(first: LoggedEvent, trace: readonly LoggedEvent[]): readonly LoggedEvent[] {
	const known = new Set([first.id]);
	return trace.toReversed().filter(({ id, cause }) => {
		if (cause !== null && known.has(cause)) known.add(id);
		return known.has(id);
	});
}

/** Whether somebody has still to handle one of these events. */
export const isUnderWay = (events: readonly LoggedEvent[]): boolean =>
	events.some(({ deliveries }) => deliveries.some(({ status }) => status !== 'handled' && status !== 'discarded'));
