import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { traceOf } from '../naming.ts';

type Status = LoggedEvent['deliveries'][number]['status'];

/** The events that one request caused, as far as the list has them. */
export interface Group {
	/** The trace id. */
	readonly trace: string;
	readonly origin: LoggedEvent['origin'];
	/** Each event directly after the one that caused it, with the number of its causes in the group. Never empty. */
	readonly entries: readonly Entry[];
	/** How many deliveries have each status, the statuses that need attention first. */
	readonly statuses: readonly (readonly [Status, number])[];
}

interface Entry {
	readonly event: LoggedEvent;
	readonly depth: number;
}

const byUrgency: readonly Status[] = ['dead', 'failing', 'pending', 'discarded', 'handled'];

/**
 * Groups events by the request that caused them. The group with the newest first event comes first: new events of a group do not
 * move it.
 * @param events newest first
 */
export function groupsOf(events: readonly LoggedEvent[]): Group[] {
	const traces = Map.groupBy(events, ({ traceparent }) => traceOf(traceparent));
	return [...traces]
		.map(([trace, own]) => groupOf(trace, own.toReversed()))
		.sort((one, other) => (firstOf(one) < firstOf(other) ? 1 : -1));
}

const firstOf = ({ entries }: Group): string => entries[0]?.event.id ?? '';

function groupOf(trace: string, events: readonly LoggedEvent[]): Group {
	const known = new Set(events.map(({ id }) => id));
	const below = (cause: string, depth: number): Entry[] =>
		events.filter((event) => event.cause === cause).flatMap((event) => entriesOf(event, depth));
	const entriesOf = (event: LoggedEvent, depth: number): Entry[] => [{ event, depth }, ...below(event.id, depth + 1)];
	const entries = events
		.filter(({ cause }) => cause === null || !known.has(cause))
		.flatMap((event) => entriesOf(event, 0));
	const deliveries = events.flatMap((event) => event.deliveries);
	const statuses = byUrgency
		.map((status) => [status, deliveries.filter((delivery) => delivery.status === status).length] as const)
		.filter(([, count]) => count > 0);
	return { trace, origin: (events[0] as LoggedEvent).origin, entries, statuses };
}
