import { eventColumns } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';
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
const events = `select ${eventColumns}, cause, relays, ${ownerOf} as owner, array(
	select json_build_object('trigger', t.name, 'function', t.function, 'attempts', coalesce(d.attempts, 0),
		'failures', coalesce(d.failures, '[]'), 'received_at', ${iso('d.received_at')}, 'handled_at', ${iso('d.handled_at')},
		'status', case when d.handled_at is not null then 'handled'
			when l.resolution = 'discarded' then 'discarded'
			when l.id is not null and l.resolution is null then 'dead'
			when d.attempts > 0 then 'failing' else 'pending' end)
	from eventing.triggers t
	left join eventing.deliveries d on (d.source, d.id, d.trigger) = (e.source, e.id, t.name)
	left join eventing.dead_letters l on (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name)
	where t.type = e.type order by t.name) as deliveries
	from eventing.events e`;

/** Lists events, newest first; `after` is an event's id. Ids are in chronological order. A viewer finds only subjects they see. */
export async function list(
	db: Queryable,
	viewer: Viewer,
	limit: number,
	after: string | undefined,
	{ type, subject, trace }: Filters,
): Promise<OwnedEvent[]> {
	const { rows } = await db.query<OwnedEvent>(
		`${events} where ($2::text is null or id < $2) and ($3::text is null or type = $3)
			and ($4::text is null or (subject = $4 and ${subjectIsSeen('$6', '$7', '$8')})) and ($5::text is null or substr(traceparent, 4, 32) = $5)
		 order by id desc limit $1`,
		[limit, after ?? null, type ?? null, subject ?? null, trace ?? null, ...valuesOf(viewer)],
	);
	return rows;
}

export async function find(db: Queryable, id: string): Promise<OwnedEvent | undefined> {
	const { rows } = await db.query<OwnedEvent>(`${events} where id = $1`, [id]);
	return rows[0];
}
