import type { ClientBase } from 'pg';
import { attributeOf, dataschemaOf, type EventData, type EventType } from './catalog.ts';

type Queryable = Pick<ClientBase, 'query'>;

/** A CloudEvent of the shop, as its attributes are kept in `eventing.events`. */
export interface StoredEvent {
	readonly id: string;
	readonly source: string;
	readonly type: string;
	readonly subject: string;
	readonly time: string;
	readonly dataschema: string;
	readonly traceparent: string;
	readonly data: unknown;
}

/** The columns of `eventing.events` that make a StoredEvent; the others are the shop's own, and are not sent. */
export const eventColumns = 'id, source, type, subject, time, dataschema, traceparent, data';

/** The `source` attribute of a function's events. */
export const sourceOf = (fn: string): string => `/functions/${fn}`;

/**
 * Writes an event into the outbox, within the transaction of the change it tells of: both are kept or neither is.
 * Row security holds a function to its own source. Publishing is the caller's, after the commit.
 */
export async function append<Type extends EventType>(
	tx: Queryable,
	event: {
		fn: string;
		type: Type;
		subject: string | number;
		data: EventData<Type>;
		traceparent: string;
		/** The id of the event whose handling this one follows from, if it is one. */
		cause?: string | undefined;
	},
): Promise<StoredEvent> {
	const { rows } = await tx.query<StoredEvent>(
		`insert into eventing.events (source, type, subject, dataschema, traceparent, data, cause)
		 values ($1, $2, $3, $4, $5, $6, $7) returning ${eventColumns}`,
		[
			sourceOf(event.fn),
			attributeOf(event.type),
			String(event.subject),
			dataschemaOf(event.type),
			event.traceparent,
			JSON.stringify(event.data),
			event.cause ?? null,
		],
	);
	return rows[0] as StoredEvent;
}
