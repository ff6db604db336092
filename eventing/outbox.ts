import { attributeOf, dataschemaOf, type EventData, type EventType } from './catalog/catalog.ts';

/** A CloudEvent of the shop, with the attributes stored in `eventing.events`. */
export interface StoredEvent {
	readonly id: string;
	readonly source: string;
	readonly type: string;
	readonly subject: string;
	readonly time: string;
	readonly dataschema: string;
	readonly traceparent: string;
	readonly data: unknown;
	/**
	 * Names another publication than the first: who published, and a number that rises with each, such as `relay-12`. An
	 * extension attribute, which consumers record with each failed attempt.
	 */
	readonly publication?: string;
}

/**
 * Returns the name of an event's publication, or null without a valid one: releases before these names sent none, and anyone
 * can send anything to a Broker.
 */
export const publicationOf = (event: { readonly [attribute: string]: unknown }): string | null =>
	/^(?:first|(?:relay|replay|drill)-\d{1,15})$/.exec(String(event['publication']))?.[0] ?? null;

/** The columns of `eventing.events` that form a StoredEvent. The others are internal, and are not sent. */
export const eventColumns = 'id, source, type, subject, time, dataschema, traceparent, data';

export const sourceOf = (fn: string): string => `/functions/${fn}`;

/** The statement that writes an event into the outbox and returns it as a StoredEvent. */
export const insertEvent = `insert into eventing.events (source, type, subject, dataschema, traceparent, data, cause)
	values ($1, $2, $3, $4, $5, $6, $7) returning ${eventColumns}`;

/**
 * Returns the values of `insertEvent`. It belongs to the transaction of the change that the event announces: both are stored, or
 * neither. Row security limits a function to its own source. The caller publishes the event after the commit.
 */
export const eventValues = <Type extends EventType>(event: {
	fn: string;
	type: Type;
	subject: string | number;
	data: EventData<Type>;
	traceparent: string;
	/** The id of the event whose handling emits this one, if any. */
	cause?: string | undefined;
}): unknown[] => [
	sourceOf(event.fn),
	attributeOf(event.type),
	String(event.subject),
	dataschemaOf(event.type),
	event.traceparent,
	JSON.stringify(event.data),
	event.cause ?? null,
];

/** A statement whose rows are events, so that what it finds behind its locks decides which of them happen. */
export interface Decision {
	/** Its common table expressions, which change the data and lock the rows: `found as (…), taken as (…)`. */
	readonly with: string;
	/** The query that returns the events' `type`, such as `stock.reserved`, and their `subject` and `data`. */
	readonly events: string;
	readonly values: readonly unknown[];
}

/** Returns the statement of a decision, which writes its events into the outbox and returns them, and its values. */
export function decidedEvents<Type extends EventType>(
	decision: Decision,
	event: { fn: string; types: readonly Type[]; traceparent: string; cause?: string | undefined },
): readonly [text: string, values: unknown[]] {
	const kinds = event.types.map((type) => ({ type, attribute: attributeOf(type), dataschema: dataschemaOf(type) }));
	const values = [...decision.values];
	const next = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
	const text = `with ${decision.with.trim()}, decided as (${decision.events.trim()})
		insert into eventing.events (source, type, subject, dataschema, traceparent, data, cause)
		select ${next(sourceOf(event.fn), 'text')}, attribute, subject, dataschema, ${next(event.traceparent, 'text')}, data, ${next(event.cause ?? null, 'text')}
		from decided join jsonb_to_recordset(${next(JSON.stringify(kinds), 'jsonb')}) as kind (type text, attribute text, dataschema text) using (type)
		returning ${eventColumns}`;
	return [text, values];
}
