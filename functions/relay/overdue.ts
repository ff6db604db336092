import { eventColumns, type StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';

/** SQL condition: some trigger has not handled the event and has no dead letter for which `resolved` holds. */
const lacks = (resolved: string): string => `exists (
	select from eventing.triggers t where t.type = e.type
	and not exists (select from eventing.deliveries d where (d.source, d.id, d.trigger) = (e.source, e.id, t.name) and d.handled_at is not null)
	and not exists (select from eventing.dead_letters l where (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name) and ${resolved}))`;

/** The time of the comparison. `now()` can be before the time that a parallel statement has just stored. */
const clock = 'clock_timestamp()';

/** The age from which an event is overdue. */
const age = 'make_interval(secs => $1)';

/** SQL condition: the first delivery had its time. An event that is younger than now was stored before the clock was set back. */
const isOld = `(e.time < ${clock} - ${age} or e.time > ${clock} + ${age})`;

/** The pause after the republication with this number, from 0. It doubles each time, up to an hour. */
const pauseAfter = (relays: string): string =>
	`least(make_interval(hours => 1), ${age} * power(2, least(${relays}, 20)))`;

const pause = pauseAfter('e.relays - 1');
/** When an admin last replayed a dead letter of the event. */
const replayedAt = `(select max(l.resolved_at) from eventing.dead_letters l
	where (l.source, l.event_id) = (e.source, e.id) and l.resolution = 'replayed')`;
/**
 * SQL condition: the pause since the last republication is over. The first one after a replay is as long as that after the
 * first publication. A time that lies further ahead than it can was stored before the clock was set back.
 */
const isDue = `case when ${replayedAt} > coalesce(e.relay_after - ${pause}, '-infinity')
	then ${replayedAt} not between ${clock} - ${age} and ${clock}
	else e.relay_after is null or e.relay_after not between ${clock} and ${clock} + ${pause} end`;

/** SQL condition for a dead letter. Its first part is that of the index which leaves out the many replayed ones. */
const isDiscarded = `l.resolution is distinct from 'replayed' and l.resolution = 'discarded'`;

/** The most events that one statement settles, so that it stays far below the time that a statement has. */
const atOnce = 5000;

/** Marks completed events as settled, so that the search for overdue events stays fast as the log grows. */
export async function settle(db: Queryable, seconds: number): Promise<void> {
	for (let settled: number | null = atOnce; settled === atOnce; )
		({ rowCount: settled } = await db.query(
			`update eventing.events set settled_at = now() where (source, id) in (
				select e.source, e.id from eventing.events e
				where settled_at is null and ${isOld} and not ${lacks(isDiscarded)} limit $2)`,
			[seconds, atOnce],
		));
}

/** The types of events that some trigger selects. */
export async function types(db: Queryable): Promise<string[]> {
	const { rows } = await db.query<{ type: string }>('select distinct type from eventing.triggers');
	return rows.map(({ type }) => type);
}

export interface OverdueEvent extends StoredEvent {
	/** The event's place in the order of time, exact to the microsecond. */
	readonly place: string;
}

/**
 * Claims overdue events of one type that some trigger has neither handled nor made a dead letter of, oldest first.
 * @param seconds the age from which an event is overdue
 * @param after the last event claimed before these
 */
export async function overdue(
	db: Queryable,
	type: string,
	seconds: number,
	limit: number,
	after: OverdueEvent | undefined,
): Promise<OverdueEvent[]> {
	const { rows } = await db.query<OverdueEvent>(
		`with claimed as (
			update eventing.events set relays = relays + 1, relay_after = now() + ${pauseAfter('relays')}
			where (source, id) in (
				select e.source, e.id from eventing.events e
				where settled_at is null and type = $2 and (e.time, e.source, e.id) > ($4::timestamptz, $5, $6) and ${isOld} and ${isDue}
				and ${lacks(`l.resolution is distinct from 'replayed'`)}
				order by e.time, e.source, e.id limit $3 for update skip locked)
			returning ${eventColumns}, time::text as place, 'relay-' || nextval('eventing.publications') as publication)
		 select * from claimed order by time, source, id`,
		[seconds, type, limit, after?.place ?? '-infinity', after?.source ?? '', after?.id ?? ''],
	);
	return rows;
}
