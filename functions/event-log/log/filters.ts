import type { Filters } from './query.ts';
import { type OwnedEvent, seesSubject, subjectIsSeen, type Viewer, valuesOf } from './viewer.ts';

/** SQL for the deliveries of an event `e`: one for every trigger of its type, even for those not attempted yet. */
export const deliveriesOfEvent = `eventing.triggers t
	left join eventing.deliveries d on (d.source, d.id, d.trigger) = (e.source, e.id, t.name)
	left join eventing.dead_letters l on (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name)
	where t.type = e.type`;

/** SQL for the status of a delivery in `deliveriesOfEvent`. */
export const statusOfDelivery = `case when d.handled_at is not null then 'handled'
	when l.resolution = 'discarded' then 'discarded'
	when l.id is not null and l.resolution is null then 'dead'
	when d.attempts > 0 then 'failing' else 'pending' end`;

/** SQL for the events with a dead letter of some resolution. The first condition is that of an index. */
const withDeadLetter = (resolution: string): string =>
	`(e.source, e.id) in (select source, event_id from eventing.dead_letters
		where resolution is distinct from 'replayed' and resolution ${resolution})`;

/**
 * SQL that finds the few events which can have a delivery with a status, through an index. The relay settles an event when all
 * its deliveries are handled or discarded: a minute after most, so many events of a busy shop are not settled, and few are failing
 * or dead. Most events have a handled delivery, so the search for these needs no help.
 */
const candidates = {
	pending: 'e.settled_at is null',
	failing: 'e.settled_at is null',
	dead: withDeadLetter('is null'),
	discarded: withDeadLetter("= 'discarded'"),
	handled: 'true',
} as const;

/** Adds a value to the parameters of a query, and returns its placeholder. */
type AddValue = (value: unknown) => string;

/** Returns the SQL condition of the given filters for an event `e`. It leaves a function without a status to `newestOf`. */
function conditionOf({ type, subject, trace, function: fn, status }: Filters, viewer: Viewer, value: AddValue): string {
	const conditions = ['true'];
	if (type !== undefined) conditions.push(`e.type = ${value(type)}`);
	if (subject !== undefined) {
		const [admin = '', account = '', types = ''] = valuesOf(viewer).map(value);
		conditions.push(`e.subject = ${value(subject)} and ${subjectIsSeen(admin, account, types)}`);
	}
	if (trace !== undefined) conditions.push(`substr(e.traceparent, 4, 32) = ${value(trace)}`);
	if (status !== undefined) {
		const own = fn === undefined ? '' : `and t.function = ${value(fn)}`;
		conditions.push(candidates[status]);
		conditions.push(`exists (select from ${deliveriesOfEvent} and ${statusOfDelivery} = ${value(status)} ${own})`);
	}
	return conditions.join(' and ');
}

/** Which events can concern the function of a filter or, without one, any function. */
export interface Concerned {
	/** The types that the function handles. */
	readonly handled: readonly string[];
	/** The types that only other functions emit. */
	readonly foreign: readonly string[];
}

/**
 * Returns the SQL of the newest events that match filters, which an index serves. A viewer finds only subjects they see.
 * @param after the id of an event: only older ones
 */
export function newestOf(
	filters: Filters,
	viewer: Viewer,
	{
		limit,
		after,
		concerned,
	}: { readonly limit: number; readonly after: string | undefined; readonly concerned: Concerned },
	value: AddValue,
): string {
	const { function: fn, status, type } = filters;
	const { handled, foreign } = concerned;
	const older = after === undefined ? '' : `and e.id < ${value(after)}`;
	const first = `and ${conditionOf(filters, viewer, value)} ${older} order by e.id desc limit ${value(limit)}`;
	const those = (condition: string): string => `(select * from eventing.events e where ${condition} ${first})`;
	// Postgres would read every event of a type to find that none has a delivery, or that none is of another function.
	const isDelivered = type === undefined || handled.includes(type);
	if (fn === undefined) return those(String(status === undefined || isDelivered));
	// One part for each type, because Postgres knows whether a certain type is rare: then it uses the index of types.
	const parts = handled
		.filter((each) => type === undefined || each === type)
		.map((each) => those(`e.type = ${value(each)}`));
	if (status === undefined && type === undefined)
		parts.push(those(`e.source = ${value(`/functions/${fn}`)} and e.type <> all(${value(handled)}::text[])`));
	// A function, because Postgres takes a type and its emitter for independent, and would expect almost no event with both.
	if (status === undefined && type !== undefined && ![...handled, ...foreign].includes(type))
		parts.push(those(`texteq(e.source, ${value(`/functions/${fn}`)})`));
	return parts.length ? `(${parts.join(' union all ')})` : those('false');
}

/** Returns whether an event matches filters, like `newestOf`. */
export const matches = (
	viewer: Viewer,
	{ type, subject, trace, function: fn, status }: Filters,
	event: OwnedEvent,
): boolean =>
	(type === undefined || event.type === type) &&
	(subject === undefined || (event.subject === subject && seesSubject(viewer, event))) &&
	(trace === undefined || event.traceparent.slice(3, 35) === trace) &&
	((fn === undefined && status === undefined) ||
		(status === undefined && event.source === `/functions/${fn}`) ||
		event.deliveries.some(
			(delivery) =>
				(fn === undefined || delivery.function === fn) && (status === undefined || delivery.status === status),
		));
