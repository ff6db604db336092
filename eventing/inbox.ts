import type { ClientBase } from 'pg';

type Queryable = Pick<ClientBase, 'query'>;

/** Which delivery: an event is told by its source and id (CloudEvents 1.0), its handling by the trigger as well. */
export interface Delivery {
	readonly source: string;
	readonly id: string;
	readonly trigger: string;
}

/**
 * Notes, within the transaction of the effect, that a trigger has handled an event. False when it had before, and the
 * effect must not happen again. A second delivery at the same moment waits here for the first one's commit.
 */
export async function accept(tx: Queryable, { source, id, trigger }: Delivery): Promise<boolean> {
	const { rowCount } = await tx.query(
		`insert into eventing.deliveries (source, id, trigger, attempts, handled_at) values ($1, $2, $3, 1, now())
		 on conflict (source, id, trigger) do update
		 set attempts = deliveries.attempts + 1, last_attempt_at = now(), handled_at = now()
		 where deliveries.handled_at is null`,
		[source, id, trigger],
	);
	return rowCount === 1;
}

/** Notes an attempt that failed, outside its transaction, which is gone: the event log shows it. */
export async function reject(db: Queryable, { source, id, trigger }: Delivery, error: string): Promise<void> {
	await db.query(
		`insert into eventing.deliveries (source, id, trigger, attempts, last_error) values ($1, $2, $3, 1, $4)
		 on conflict (source, id, trigger) do update
		 set attempts = deliveries.attempts + 1, last_attempt_at = now(), last_error = $4
		 where deliveries.handled_at is null`,
		[source, id, trigger, error.slice(0, 1000)],
	);
}
