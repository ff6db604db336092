import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { shop } from '../../shop.ts';
import type { Delivery } from '../events/event/delivery-stamps.tsx';
import { traceOf } from '../events/naming.ts';
import { isOpen } from '../events/open.ts';

/** An event that waited for a function while it was broken. */
export interface Waited {
	readonly event: LoggedEvent;
	/** To that function. */
	readonly delivery: Delivery;
}

/** An order that had to wait with such an event. */
export interface WaitingOrder {
	readonly id: number;
	/** Every event that it has caused so far. */
	readonly events: readonly LoggedEvent[];
}

/**
 * The events that waited for a function, oldest first: an attempt has failed since its drill began, or none has come about.
 * @param since when the drill began, as the shop tells it
 */
export function waitedOf(events: readonly LoggedEvent[], fn: string, since: string): Waited[] {
	const start = Date.parse(since);
	const waits = ({ failures, status }: Delivery, { time }: LoggedEvent): boolean =>
		failures.some(({ at }) => Date.parse(at) >= start) ||
		(status !== 'handled' && status !== 'discarded' && Date.parse(time) >= start);
	return events
		.flatMap((event) =>
			event.deliveries
				.filter((delivery) => delivery.function === fn && waits(delivery, event))
				.map((delivery) => ({ event, delivery })),
		)
		.reverse();
}

/** How many deliveries a function has handled since its drill began, which are none while it is broken. */
export const handledSince = (events: readonly LoggedEvent[], fn: string, since: string): number =>
	events
		.flatMap(({ deliveries }) => deliveries)
		.filter((delivery) => delivery.function === fn && Date.parse(delivery.handled_at ?? '') > Date.parse(since)).length;

const tracesOf = (waited: readonly Waited[]): ReadonlySet<string> =>
	new Set(waited.map(({ event }) => traceOf(event.traceparent)));

/** Whether the events which waited, or what follows from them, are not all handled yet. */
export function isUnderWay(events: readonly LoggedEvent[], waited: readonly Waited[]): boolean {
	const traces = tracesOf(waited);
	return events.some((event) => traces.has(traceOf(event.traceparent)) && isOpen(event));
}

/** The orders that the events which waited belong to, oldest first. */
export function ordersOf(events: readonly LoggedEvent[], waited: readonly Waited[]): WaitingOrder[] {
	const traces = tracesOf(waited);
	const placed = events.filter(
		({ type, traceparent }) => type === `${shop.eventPrefix}.order.placed` && traces.has(traceOf(traceparent)),
	);
	return placed
		.map(({ subject, traceparent }) => ({
			id: Number(subject),
			events: events.filter((event) => traceOf(event.traceparent) === traceOf(traceparent)),
		}))
		.reverse();
}

/** Handled, and whatever followed from it followed once. */
export function isHandledOnce({ event, delivery }: Waited, events: readonly LoggedEvent[]): boolean {
	const followed = events.filter(({ cause }) => cause === event.id).map(({ type }) => type);
	return delivery.status === 'handled' && new Set(followed).size === followed.length;
}
