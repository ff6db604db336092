import { eventColumns } from '../../../eventing/outbox.ts';
import type { Queryable } from '../../../kit/data/database.ts';
import type { LoggedEvent } from '../api.ts';
import { failuresOf, retryAfter, type StoredFailure, timesOf } from './failures.ts';
import { type Concerned, deliveriesOfEvent, newestOf, statusOfDelivery } from './filters.ts';
import type { Filters } from './query.ts';
import { type OwnedEvent, ownerOf, type Viewer } from './viewer.ts';

// Times inside JSON are formatted in SQL, because the driver receives them as text.
const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** SQL for the first event of the trace. The fence keeps Postgres from walking through all ids instead of the trace's index. */
const origin = `(select json_build_object('id', o.id, 'type', o.type, 'subject', o.subject, 'owner', ${ownerOf}) from (
	select id, type, subject, data from eventing.events o where substr(o.traceparent, 4, 32) = substr(e.traceparent, 4, 32) offset 0
	) o order by o.id limit 1)`;

/** The columns of events, each with a delivery for every trigger of its type, even for those not attempted yet. */
const columns = `select ${eventColumns}, published_by, cause, relays, case when settled_at is null then relay_after end as relay_after,
	${ownerOf} as owner, ${origin} as origin, array(
	select json_build_object('trigger', t.name, 'function', t.function, 'attempts', coalesce(d.attempts, 0),
		'failures', coalesce(d.failures, '[]'), 'received_at', ${iso('d.received_at')}, 'handled_at', ${iso('d.handled_at')},
		'resolution', l.resolution,
		'drill_until', case when d.handled_at is null then (select ${iso('a.ends_at')} from eventing.active_drills a where a.function = t.function
			and (a.kind in ('outage', 'failures') or (a.source, a.event) = (e.source, e.id))) end,
		'status', ${statusOfDelivery})
	from ${deliveriesOfEvent} order by t.name) as deliveries
`;

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
	filters: Filters,
): Promise<OwnedEvent[]> {
	const values: unknown[] = [];
	const value = (each: unknown): string => `$${values.push(each)}`;
	const isAny = filters.function === undefined && filters.status === undefined;
	const concerned = isAny ? { handled: [], foreign: [] } : await concernedOf(db, filters.function);
	const newest = newestOf(filters, viewer, { limit, after, concerned }, value);
	const text = `${columns} from ${newest} e order by id desc limit ${value(limit)}`;
	// Without a name, so that Postgres plans it for these values: the best index depends on how many events match.
	const { rows } = await db.query<Row>({ text, values });
	return rows.map(eventOf);
}

/** Returns which events can concern a function or, without one, any function. */
async function concernedOf(db: Queryable, fn: string | undefined): Promise<Concerned> {
	const { rows } = await db.query<Concerned>(
		`select array(select distinct type from eventing.triggers where $1::text is null or function = $1 order by type) as handled,
			array(select type from eventing.emissions except select type from eventing.emissions where function = $1) as foreign`,
		[fn ?? null],
	);
	return rows[0] as Concerned;
}

export async function find(db: Queryable, id: string): Promise<OwnedEvent | undefined> {
	const { rows } = await db.query<Row>(`${columns} from eventing.events e where id = $1`, [id]);
	return rows[0] && eventOf(rows[0]);
}
