import type { ClientBase } from 'pg';

type Queryable = Pick<ClientBase, 'query'>;

/** An attempt at a delivery: an event is told by its source and id (CloudEvents 1.0), its handling by the trigger as well. */
export interface Delivery {
	readonly source: string;
	readonly id: string;
	readonly trigger: string;
	/** When the attempt began, in milliseconds of `performance.now()`. */
	readonly begun: number;
}

/** How many failed attempts are kept of a delivery, the last ones. */
const keptFailures = 20;

/** What each statement is given first. The age of the attempt, in seconds, is told rather than its time: the database's is the one clock. */
const valuesOf = ({ source, id, trigger, begun }: Delivery) => [
	source,
	id,
	trigger,
	(performance.now() - begun) / 1000,
];
const receivedAt = 'clock_timestamp() - make_interval(secs => $4)';

/**
 * Begins, within the transaction of the effect, the handling of an event by a trigger. False when it was handled before, and
 * the effect must not happen again. A second delivery at the same moment waits here for the first one's commit.
 */
export async function accept(tx: Queryable, delivery: Delivery): Promise<boolean> {
	const { rowCount } = await tx.query(
		`insert into eventing.deliveries (source, id, trigger, attempts, received_at) values ($1, $2, $3, 1, ${receivedAt})
		 on conflict (source, id, trigger) do update
		 set attempts = deliveries.attempts + 1, received_at = excluded.received_at
		 where deliveries.handled_at is null`,
		valuesOf(delivery),
	);
	return rowCount === 1;
}

/** Notes, at the end of the same transaction, that the event is handled. Fails while a drill of the function is on. */
export async function complete(tx: Queryable, { source, id, trigger }: Delivery): Promise<void> {
	await tx.query(
		`update eventing.deliveries set handled_at = clock_timestamp() where (source, id, trigger) = ($1, $2, $3)`,
		[source, id, trigger],
	);
}

/** Notes an attempt that failed, outside its transaction, which is gone: the event log shows it. */
export async function reject(db: Queryable, delivery: Delivery, error: string): Promise<void> {
	const failure = `jsonb_build_object('error', $5::text,
		'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
	await db.query(
		`insert into eventing.deliveries (source, id, trigger, attempts, received_at, failures)
		 values ($1, $2, $3, 1, ${receivedAt}, jsonb_build_array(${failure}))
		 on conflict (source, id, trigger) do update
		 set attempts = deliveries.attempts + 1, received_at = excluded.received_at, failures =
			case when jsonb_array_length(deliveries.failures) < ${keptFailures} then deliveries.failures else deliveries.failures - 0 end
			|| excluded.failures
		 where deliveries.handled_at is null`,
		[...valuesOf(delivery), error.slice(0, 1000)],
	);
}
