import { eventColumns } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';
import type { LoggedEvent } from './api.ts';
import { failuresOf, retryAfter, type StoredFailure, timesOf } from './failures.ts';
import { type OwnedEvent, ownerOf, subjectIsSeen, type Viewer, valuesOf } from './viewer.ts';

export interface Filters {
	readonly type?: string | undefined;
	readonly subject?: string | undefined;
	/** A trace id of 32 hexadecimal digits. */
	readonly trace?: string | undefined;
}

// Times inside JSON are formatted in SQL, because the driver receives them as text.
const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** SQL query for events, each with a delivery for every trigger of its type, even for those not attempted yet. */
const events = `select ${eventColumns}, cause, relays, case when settled_at is null then relay_after end as relay_after,
	${ownerOf} as owner, array(
	select json_build_object('trigger', t.name, 'function', t.function, 'attempts', coalesce(d.attempts, 0),
		'failures', coalesce(d.failures, '[]'), 'received_at', ${iso('d.received_at')}, 'handled_at', ${iso('d.handled_at')},
		'resolution', l.resolution,
		'drill_until', case when d.handled_at is null then (select ${iso('a.ends_at')} from eventing.active_drills a where a.function = t.function
			and (a.kind in ('outage', 'failures') or (a.source, a.event) = (e.source, e.id))) end,
		'status', case when d.handled_at is not null then 'handled'
			when l.resolution = 'discarded' then 'discarded'
			when l.id is not null and l.resolution is null then 'dead'
			when d.attempts > 0 then 'failing' else 'pending' end)
	from eventing.triggers t
	left join eventing.deliveries d on (d.source, d.id, d.trigger) = (e.source, e.id, t.name)
	left join eventing.dead_letters l on (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name)
	where t.type = e.type order by t.name) as deliveries
	from eventing.events e`;

type Delivery = LoggedEvent['deliveries'][number];
type Row = OwnedEvent & {
	readonly deliveries: readonly (Omit<Delivery, 'failures'> & { readonly failures: readonly StoredFailure[] })[];
};

function eventOf(row: Row): OwnedEvent {
	const deliveries = row.deliveries.map((delivery) => {
		const failures = failuresOf(delivery.failures);
		const unlisted_failures = delivery.attempts - (delivery.handled_at ? 1 : 0) - timesOf(failures);
		const retry_after = delivery.status === 'failing' ? retryAfter(failures, unlisted_failures) : null;
		return { ...delivery, failures, unlisted_failures, retry_after };
	});
	const isWaiting = deliveries.some(({ status }) => status === 'pending' || status === 'failing');
	return { ...row, relay_after: isWaiting ? row.relay_after : null, deliveries };
}

/** Lists events, newest first; `after` is an event's id. Ids are in chronological order. A viewer finds only subjects they see. */
export async function list(
	db: Queryable,
	viewer: Viewer,
	limit: number,
	after: string | undefined,
	{ type, subject, trace }: Filters,
): Promise<OwnedEvent[]> {
	const { rows } = await db.query<Row>(
		`${events} where ($2::text is null or id < $2) and ($3::text is null or type = $3)
			and ($4::text is null or (subject = $4 and ${subjectIsSeen('$6', '$7', '$8')})) and ($5::text is null or substr(traceparent, 4, 32) = $5)
		 order by id desc limit $1`,
		[limit, after ?? null, type ?? null, subject ?? null, trace ?? null, ...valuesOf(viewer)],
	);
	return rows.map(eventOf);
}

export async function find(db: Queryable, id: string): Promise<OwnedEvent | undefined> {
	const { rows } = await db.query<Row>(`${events} where id = $1`, [id]);
	return rows[0] && eventOf(rows[0]);
}
