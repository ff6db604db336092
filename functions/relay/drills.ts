import type { StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';

/** Ends the drills whose time is over. Returns the events to publish again: those that were not handled during them. */
export async function endDrills(db: Queryable): Promise<StoredEvent[]> {
	const { rows } = await db.query<StoredEvent>('select * from eventing.recover_from_ended_drills()');
	return rows;
}
