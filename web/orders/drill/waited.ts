import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { shop } from '../../../shop.ts';
import type { Delivery } from '../../events/event/delivery-stamps.tsx';
import { traceOf } from '../../events/naming.ts';
import { isOpen } from '../../events/open.ts';

/** An event that waited for a function while it was broken. */
export interface Waited {
	readonly event: LoggedEvent;
	readonly delivery: Delivery;
}

/** An order whose events include one that waited. */
export interface WaitingOrder {
	readonly id: number;
	/** Every event that the order has caused so far. */
	readonly events: readonly LoggedEvent[];
}

/** Whether a delivery goes to the function of a drill. The Broker makes all of them. */
const isFor =
	(fn: string) =>
	(delivery: Delivery): boolean =>
		fn === 'broker' || delivery.function === fn;

/**
 * Returns the events that waited for a function, oldest first: those with a failed attempt since the drill began, and
 * those published since then that are neither handled nor discarded.
 * @param since when the drill began, by the shop's clock
 */
export function waitedOf(events: readonly LoggedEvent[], fn: string, since: string): Waited[] {
	const start = Date.parse(since);
	const waits = ({ failures, status }: Delivery, { time }: LoggedEvent): boolean =>
		failures.some(({ at }) => Date.parse(at) >= start) ||
		(status !== 'handled' && status !== 'discarded' && Date.parse(time) >= start);
	return events
		.flatMap((event) =>
			event.deliveries
				.filter((delivery) => isFor(fn)(delivery) && waits(delivery, event))
				.map((delivery) => ({ event, delivery })),
		)
		.reverse();
}

/** Counts the deliveries that a function has handled since its drill began; 0 while it is broken. */
export const handledSince = (events: readonly LoggedEvent[], fn: string, since: string): number =>
	events
		.flatMap(({ deliveries }) => deliveries)
		.filter((delivery) => isFor(fn)(delivery) && Date.parse(delivery.handled_at ?? '') > Date.parse(since)).length;

const tracesOf = (waited: readonly Waited[]) => new Set(waited.map(({ event }) => traceOf(event.traceparent)));

/** Returns whether any event that waited, or any event of the same traces, is still open. */
export function isUnderWay(events: readonly LoggedEvent[], waited: readonly Waited[]): boolean {
	const traces = tracesOf(waited);
	return events.some((event) => traces.has(traceOf(event.traceparent)) && isOpen(event));
}

/** Returns the orders that the waiting events belong to, oldest first. */
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

/** Returns whether an event is handled and no type of event followed from it twice. */
export function isHandledOnce({ event, delivery }: Waited, events: readonly LoggedEvent[]): boolean {
	const followed = events.filter(({ cause }) => cause === event.id).map(({ type }) => type);
	return delivery.status === 'handled' && new Set(followed).size === followed.length;
}
