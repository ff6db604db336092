import type { ClientBase } from 'pg';

type Queryable = Pick<ClientBase, 'query'>;

/** A delivery attempt. Source and id identify the event (CloudEvents 1.0), and the trigger identifies its handling. */
export interface Delivery {
	readonly source: string;
	readonly id: string;
	readonly trigger: string;
	/** The attributes and data that arrived, to be compared with the outbox. */
	readonly type: string;
	readonly subject: string;
	readonly data: unknown;
	/** The publication that the attempt belongs to, by `publicationOf`. */
	readonly publication: string | null;
	/** When the attempt began, in milliseconds of `performance.now()`. */
	readonly begun: number;
}

/** The most failures that are stored per delivery: the last ones. Equal errors of one publication are one failure. */
const keptFailures = 20;

/** Returns the first parameters of each statement. The attempt's age is in seconds; only the database's clock counts. */
const valuesOf = ({ source, id, trigger, begun }: Delivery) => [
	source,
	id,
	trigger,
	(performance.now() - begun) / 1000,
];
const receivedAt = 'clock_timestamp() - make_interval(secs => $4)';

/** Whether the outbox has an event with the content of $5, $6 and $7. The database decides, by `eventing.is_emitted`. */
const isEmitted = 'eventing.is_emitted($1, $2, $5, $6, $7)';
const contentOf = ({ type, subject, data }: Pick<Delivery, 'type' | 'subject' | 'data'>) => [
	type,
	subject,
	JSON.stringify(data ?? null),
];

/** Whether a drill has poisoned the event of a delivery (eventing/migrations/010-drill-kinds.sql). */
export const isPoison = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === 'PT422';

/** The results of `accept`. */
export type Attempt = 'first' | 'repeated' | 'removed' | 'unknown';

/**
 * Records that a trigger handles an event, in the transaction of its effect. It fails during a drill of the function. A concurrent
 * delivery waits here until the first commits. The record is complete before the effect: to complete it at the end took another
 * 90 microseconds of the database for each event, and two deliveries of one event that share a transaction would both be the first.
 * @returns `repeated` or `removed` when the event was handled before, so that the effect must not happen again, and `unknown` when
 * no function has emitted the event with this content
 */
export async function accept(tx: Queryable, delivery: Delivery): Promise<Attempt> {
	const values = [...valuesOf(delivery), ...contentOf(delivery)];
	// A drill does not refuse the repeated delivery of a handled event, because nothing is inserted then.
	const { rowCount } = await tx.query(
		`insert into eventing.deliveries (source, id, trigger, attempts, received_at, handled_at)
		 select $1, $2, $3, 1, ${receivedAt}, clock_timestamp() where ${isEmitted} and not exists (
			select from eventing.deliveries d where (d.source, d.id, d.trigger) = ($1, $2, $3) and d.handled_at is not null)
		 on conflict (source, id, trigger) do update
		 set attempts = deliveries.attempts + 1, received_at = excluded.received_at, handled_at = excluded.handled_at
		 where deliveries.handled_at is null`,
		values,
	);
	if (rowCount === 1) return 'first';
	const found = await lookUp(tx, delivery);
	return found === 'stored' ? 'repeated' : found;
}

/**
 * Looks an event up in the outbox: `stored` with exactly this content; `removed` when settled events of its time are not stored any
 * more, so that nothing is left to do for it; or `unknown`.
 */
export async function lookUp(
	db: Queryable,
	event: Pick<Delivery, 'source' | 'id' | 'type' | 'subject' | 'data'>,
): Promise<'stored' | 'removed' | 'unknown'> {
	const { rows } = await db.query<{ is_stored: boolean; is_removed: boolean }>(
		'select eventing.is_emitted($1, $2, $3, $4, $5) as is_stored, eventing.is_removed($1, $2) as is_removed',
		[event.source, event.id, ...contentOf(event)],
	);
	if (rows[0]?.is_stored) return 'stored';
	return rows[0]?.is_removed ? 'removed' : 'unknown';
}

/** Counts a delivery that was refused because the outbox does not have its event. */
export async function countRefusal(db: Queryable, trigger: string): Promise<void> {
	await db.query(
		`insert into eventing.refusals (trigger, count) values ($1, 1)
		 on conflict (trigger) do update set count = refusals.count + 1, last_at = now()`,
		[trigger],
	);
}

/**
 * Records a failed attempt for the event log. Call it outside the attempt's transaction, which was rolled back. An error that
 * the same publication has met before only counts up there, so that many attempts take little space.
 */
export async function reject(db: Queryable, delivery: Delivery, error: string): Promise<void> {
	const now = `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
	const isSame = `failure @> jsonb_build_object('publication', $5::text, 'error', $6::text)`;
	const stored = 'jsonb_array_elements(deliveries.failures) with ordinality as stored (failure, place)';
	await db.query(
		`insert into eventing.deliveries (source, id, trigger, attempts, received_at, failures)
		 values ($1, $2, $3, 1, ${receivedAt}, jsonb_build_array(
			jsonb_build_object('publication', $5::text, 'error', $6::text, 'times', 1, 'first_at', ${now}, 'at', ${now})))
		 on conflict (source, id, trigger) do update
		 set attempts = deliveries.attempts + 1, received_at = excluded.received_at, failures =
			case when exists (select from ${stored} where ${isSame})
			then (select jsonb_agg(case when ${isSame}
				then failure || jsonb_build_object('times', (failure ->> 'times')::int + 1, 'at', ${now}) else failure end order by place) from ${stored})
			when jsonb_array_length(deliveries.failures) < ${keptFailures} then deliveries.failures || excluded.failures
			else (deliveries.failures - 0) || excluded.failures end
		 where deliveries.handled_at is null`,
		[...valuesOf(delivery), delivery.publication, error.slice(0, 1000)],
	);
}
