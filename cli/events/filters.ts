import { shop } from '../../shop.ts';
import type { Logged } from './event-line.ts';

/** Selects events. An event has to match each filter that is given. */
export interface Filters {
	/** With or without the prefix of the shop's types. */
	readonly type?: string | undefined;
	readonly subject?: string | undefined;
	/** The function that emits the events or handles them; with a status, one that handles them. */
	readonly function?: string | undefined;
	/** The status of a delivery. */
	readonly status?: Logged['deliveries'][number]['status'] | undefined;
}

/** Returns filters whose type is the attribute of a CloudEvent. */
export function completed({ type, subject, function: fn, status }: Filters): Filters {
	const prefix = `${shop.eventPrefix}.`;
	return { type: type && `${prefix}${type.replace(prefix, '')}`, subject, function: fn, status };
}

/** Whether an event matches completed filters, by the rules of the event log. */
export const matches = (event: Logged, { type, subject, function: fn, status }: Filters): boolean =>
	(type === undefined || event.type === type) &&
	(subject === undefined || event.subject === subject) &&
	((fn === undefined && status === undefined) ||
		(status === undefined && event.source === `/functions/${fn}`) ||
		event.deliveries.some(
			(delivery) =>
				(fn === undefined || delivery.function === fn) && (status === undefined || delivery.status === status),
		));
