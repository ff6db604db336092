import type { StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';
import type { DirectEvent } from '../../kit/events/events.ts';
import type { DeadLetter } from './api.ts';

/** SQL condition for an open dead letter: it is not resolved, and no other delivery of the event was handled. */
const open = `l.resolution is null and not exists (select from eventing.deliveries d
	where (d.source, d.id, d.trigger) = (l.source, l.event_id, l.trigger) and d.handled_at is not null)`;

/** Lists the open dead letters, newest first; `after` is a dead letter's id. */
export async function list(db: Queryable, limit: number, after?: string): Promise<DeadLetter[]> {
	const { rows } = await db.query<DeadLetter>(
		`select l.id, l.trigger, l.event, l.destination, l.code, coalesce(d.failures -> -1 ->> 'error', l.error) as error, l.received_at
		 from eventing.dead_letters l
		 left join eventing.deliveries d on (d.source, d.id, d.trigger) = (l.source, l.event_id, l.trigger)
		 where ${open} and ($2::uuid is null or l.id < $2) order by l.id desc limit $1`,
		[limit, after ?? null],
	);
	return rows;
}

/** Stores a dead letter. If the same one returns after a replay, it is open again. */
export async function keep(db: Queryable, event: DirectEvent, trigger: string): Promise<void> {
	const { knativeerrordest, knativeerrorcode, knativeerrordata, ...original } = event;
	const error =
		typeof knativeerrordata === 'string'
			? // Any bytes can be in a response, but Postgres stores no U+0000.
				Buffer.from(knativeerrordata, 'base64').toString('utf8').replaceAll('\0', '\ufffd')
			: null;
	const code = Number(knativeerrorcode);
	await db.query(
		`insert into eventing.dead_letters (source, event_id, trigger, event, destination, code, error) values ($1, $2, $3, $4, $5, $6, $7)
		 on conflict (source, event_id, trigger) do update set destination = excluded.destination, code = excluded.code,
			error = excluded.error, received_at = now(), resolution = null`,
		[
			event.source,
			event.id,
			trigger,
			JSON.stringify(original),
			knativeerrordest ?? null,
			Number.isInteger(code) && Math.abs(code) < 1000 ? code : 0,
			error,
		],
	);
}

/** Resolves an open dead letter and returns its event. */
export async function resolve(
	db: Queryable,
	id: string,
	resolution: 'replayed' | 'discarded',
): Promise<StoredEvent | undefined> {
	const { rows } = await db.query<{ event: StoredEvent }>(
		'update eventing.dead_letters set resolution = $2 where id = $1 and resolution is null returning event',
		[id, resolution],
	);
	return rows[0]?.event;
}

/** Resolves open dead letters of one or all triggers as replayed, at most the oldest thousand. Returns their events. */
export async function replayAll(db: Queryable, trigger?: string): Promise<StoredEvent[]> {
	const { rows } = await db.query<{ event: StoredEvent }>(
		`update eventing.dead_letters set resolution = 'replayed' where id in (
			select l.id from eventing.dead_letters l where ${open} and ($1::text is null or l.trigger = $1)
			order by l.id limit 1000 for update skip locked)
		 returning event`,
		[trigger ?? null],
	);
	return rows.map(({ event }) => event);
}
