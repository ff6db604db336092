import { eventColumns, type StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';

/** SQL condition: some trigger has not handled the event and has no dead letter for which `resolved` holds. */
const lacks = (resolved: string): string => `exists (
	select from eventing.triggers t where t.type = e.type
	and not exists (select from eventing.deliveries d where (d.source, d.id, d.trigger) = (e.source, e.id, t.name) and d.handled_at is not null)
	and not exists (select from eventing.dead_letters l where (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name) and ${resolved}))`;

/** Marks completed events as settled, so that the search for overdue events stays fast as the log grows. */
export async function settle(db: Queryable, age: number): Promise<void> {
	await db.query(
		`update eventing.events e set settled_at = now()
		 where settled_at is null and time < now() - make_interval(secs => $1) and not ${lacks(`l.resolution = 'discarded'`)}`,
		[age],
	);
}

/**
 * Claims up to a hundred overdue events that some trigger has neither handled nor made a dead letter of. The delay
 * until an event can be claimed again doubles each time, up to an hour, so that a consumer is not flooded after a long
 * outage.
 */
export async function overdue(db: Queryable, age: number): Promise<StoredEvent[]> {
	const { rows } = await db.query<StoredEvent>(
		`update eventing.events set relays = relays + 1,
			relay_after = now() + least(make_interval(hours => 1), make_interval(secs => $1) * power(2, least(relays, 20)))
		 where (source, id) in (
			select e.source, e.id from eventing.events e
			where settled_at is null and time < now() - make_interval(secs => $1) and (relay_after is null or relay_after < now())
			and ${lacks(`l.resolution is distinct from 'replayed'`)}
			order by time limit 100 for update skip locked)
		 returning ${eventColumns}`,
		[age],
	);
	return rows;
}
