import type { LoggedEvent } from '../../functions/event-log/api.ts';
import type { Sent } from '../api/endpoints.ts';

/** Filters for events; `trace` has 32 hex digits. Without filters, all events match. */
export type Filters = Pick<
	NonNullable<Sent<'GET /api/events'>['query']>,
	'type' | 'subject' | 'trace' | 'function' | 'status'
>;

/** Returns whether an event has a delivery of the status, to the function if there is one. */
export const hasStatus = ({ status, function: fn }: Filters, { deliveries }: LoggedEvent): boolean =>
	status === undefined ||
	deliveries.some((delivery) => delivery.status === status && (fn === undefined || delivery.function === fn));
