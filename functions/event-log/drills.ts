import { eventColumns, type StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable, Transaction } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { Drill } from './api.ts';
import { asReplayed } from './dead-letters.ts';

/**
 * Returns the end of a query for the events that a function has neither handled nor discarded since its drill began. An
 * earlier event counts if its delivery was attempted since. Settled events are skipped, because every trigger has
 * completed them.
 */
const undone = (fn: string, since: string): string => `
	from eventing.triggers t join eventing.events e on e.type = t.type and e.settled_at is null
	left join eventing.deliveries d on (d.source, d.id, d.trigger) = (e.source, e.id, t.name)
	left join eventing.dead_letters l on (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name)
	where t.function = ${fn} and d.handled_at is null and l.resolution is distinct from 'discarded'
	and greatest(e.time, d.received_at) >= ${since}`;

const drills = `select function, started_at, ends_at,
	greatest(0, extract(epoch from ends_at - clock_timestamp()))::float8 as seconds_left, (select count(*) ${undone('r.function', 'r.started_at')}) as waiting
	from eventing.drills r`;

export async function list(db: Queryable): Promise<Drill[]> {
	const { rows } = await db.query<Drill>(
		`${drills} where function in (select function from eventing.active_drills) order by function`,
	);
	return rows;
}

export async function find(db: Queryable, fn: string): Promise<Drill | undefined> {
	const { rows } = await db.query<Drill>(`${drills} where function = $1 and ends_at > now()`, [fn]);
	return rows[0];
}

/** Also extends an active drill. @throws {Problem} 404 when the function does not react to events */
export async function start(db: Queryable, fn: string, minutes: number): Promise<Drill> {
	const { rows: triggers } = await db.query<{ function: string }>(
		'select distinct function from eventing.triggers order by function',
	);
	const breakable = triggers.map((trigger) => trigger.function);
	if (!breakable.includes(fn))
		throw new Problem(
			404,
			`No function "${fn}" reacts to events, so no drill was started. The functions that do: ${breakable.join(', ')}.`,
		);
	await db.query(
		`insert into eventing.drills (function, ends_at) values ($1, now() + make_interval(mins => $2))
		 on conflict (function) do update set ends_at = excluded.ends_at,
			started_at = case when exists (select from eventing.active_drills a where a.function = drills.function)
				then drills.started_at else now() end`,
		[fn, minutes],
	);
	const { rows } = await db.query<Drill>(`${drills} where function = $1`, [fn]);
	return rows[0] as Drill;
}

/**
 * Ends a drill, even one that has expired: one that ends at its start. Returns the events to publish again: the oldest thousand that the function
 * has not handled. Marks their dead letters as replayed. The relay republishes the rest, except for dead letters. Later
 * retries by the broker do no harm, because the inbox rejects duplicates.
 * @throws {Problem} 404 when the function has no drill
 */
export async function end(tx: Transaction, fn: string): Promise<StoredEvent[]> {
	const { rows: ended } = await tx.query<{ started_at: string }>(
		`update eventing.drills set ends_at = started_at where function = $1 and ends_at > started_at returning started_at`,
		[fn],
	);
	if (!ended[0])
		throw new Problem(404, `No function "${fn}" has a drill to end. GET /api/drills lists the active drills.`);
	const { rows } = await tx.query<StoredEvent>(
		`with number as materialized (select nextval('eventing.publications') as number),
		undone as (select e.source, e.id, t.name ${undone('$1', '$2')} order by e.time limit 1000),
		replayed as (update eventing.dead_letters set ${asReplayed('(select number from number)')}
			where (source, event_id, trigger) in (select source, id, name from undone) and resolution is distinct from 'discarded')
		select ${eventColumns}, 'drill-' || (select number from number) as publication
		from eventing.events where (source, id) in (select source, id from undone) order by time`,
		[fn, ended[0].started_at],
	);
	return rows;
}
