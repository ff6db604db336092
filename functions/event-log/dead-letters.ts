import { publicationOf, type StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';
import type { IncomingEvent } from '../../kit/events/incoming.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { DeadLetter } from './api.ts';
import { failuresOf, lastOf, type StoredFailure, timesOf } from './log/failures.ts';

/** SQL condition for an open dead letter: it is not resolved, and no other delivery of the event was handled. */
const open = `l.resolution is null and not exists (select from eventing.deliveries d
	where (d.source, d.id, d.trigger) = (l.source, l.event_id, l.trigger) and d.handled_at is not null)`;

/** Lists the open dead letters, newest first; `after` is a dead letter's id. */
export async function list(db: Queryable, limit: number, after?: string): Promise<DeadLetter[]> {
	const { rows } = await db.query<Omit<DeadLetter, 'failures'> & { readonly failures: readonly StoredFailure[] }>(
		`select l.id, l.trigger, l.event, l.destination, l.code, l.error, l.received_at,
			coalesce(d.attempts, 0) as attempts, coalesce(d.failures, '[]') as failures
		 from eventing.dead_letters l
		 left join eventing.deliveries d on (d.source, d.id, d.trigger) = (l.source, l.event_id, l.trigger)
		 where ${open} and l.id < $2 order by l.id desc limit $1`,
		[limit, after ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
	);
	return rows.map((row) => {
		const failures = failuresOf(row.failures);
		const error = lastOf(failures)?.error ?? row.error;
		return { ...row, error, failures, unlisted_failures: row.attempts - timesOf(failures) };
	});
}

/** Returns the number of a publication, which rises with each; that of the first one is 0. */
const numberOf = (publication: string | null): number | null =>
	publication === null ? null : Number(publication.split('-')[1] ?? 0);

/** Returns the error of a subscriber's response: the detail of a problem, or else the text. */
function errorOf(response: Buffer): string {
	// Any bytes can be in a response, but Postgres stores no U+0000.
	const text = response.toString('utf8').replaceAll('\0', '\ufffd');
	try {
		const { detail } = JSON.parse(text) as { detail?: unknown };
		return typeof detail === 'string' ? detail.replaceAll('\0', '\ufffd') : text;
	} catch {
		return text;
	}
}

/**
 * Stores a dead letter. A Broker can send it repeatedly, and each publication of the event can end as one. A letter stays
 * discarded. It stays replayed until the replay fails, or a later publication: an earlier one says nothing about the replay.
 */
export async function keep(db: Queryable, event: IncomingEvent, trigger: string): Promise<void> {
	const { knativeerrordest, knativeerrorcode, knativeerrordata, ...original } = event;
	const error = typeof knativeerrordata === 'string' ? errorOf(Buffer.from(knativeerrordata, 'base64')) : null;
	const code = Number(knativeerrorcode);
	await db.query(
		`insert into eventing.dead_letters as l (source, event_id, trigger, event, destination, code, error) values ($1, $2, $3, $4, $5, $6, $7)
		 on conflict (source, event_id, trigger) do update set destination = excluded.destination, code = excluded.code,
			error = excluded.error, received_at = now(), resolution = null, resolved_at = null
		 where l.resolution is null or (l.resolution = 'replayed' and l.replay > $8 is not true)`,
		[
			event.source,
			event.id,
			trigger,
			JSON.stringify(original),
			knativeerrordest ?? null,
			Number.isInteger(code) && Math.abs(code) < 1000 ? code : 0,
			error,
			numberOf(publicationOf(event)),
		],
	);
}

/** Returns the SQL assignments of a replay. The number of its publication makes its own dead letter known. */
export const asReplayed = (number: string): string =>
	`resolution = 'replayed', resolved_at = now(), replay = ${number}`;
const asNextReplayed = asReplayed(`nextval('eventing.publications')`);

/** The event of a resolved dead letter, and the number of the publication that replays it. */
interface Resolved {
	readonly event: StoredEvent;
	readonly replay: number;
}

const replayed = ({ event, replay }: Resolved): StoredEvent => ({ ...event, publication: `replay-${replay}` });

/** Resolves an open dead letter, and returns its event to be published. @throws {Problem} 404 when it is not open */
export const replay = async (db: Queryable, id: string): Promise<StoredEvent> =>
	replayed(await resolve(db, id, asNextReplayed));

/** Resolves an open dead letter. @throws {Problem} 404 when it is not open */
export async function discard(db: Queryable, id: string): Promise<void> {
	await resolve(db, id, `resolution = 'discarded', resolved_at = now()`);
}

async function resolve(db: Queryable, id: string, assignments: string): Promise<Resolved> {
	const { rows } = await db.query<Resolved>(
		`update eventing.dead_letters l set ${assignments} where l.id = $1 and ${open} returning event, replay`,
		[id],
	);
	if (rows[0]) return rows[0];
	const { rows: closed } = await db.query<{ resolution: string | null }>(
		'select resolution from eventing.dead_letters where id = $1',
		[id],
	);
	const why = closed[0] ? `It is ${closed[0].resolution ?? 'handled'} already.` : 'GET /api/dead-letters lists them.';
	throw new Problem(404, `There is no open dead letter ${id}. ${why}`);
}

/** Resolves open dead letters of one or all triggers as replayed, at most the oldest thousand. */
export async function replayAll(db: Queryable, trigger?: string): Promise<{ count: number; events: StoredEvent[] }> {
	const { rows } = await db.query<Resolved>(
		`update eventing.dead_letters set ${asNextReplayed} where id in (
			select l.id from eventing.dead_letters l where ${open} and ($1::text is null or l.trigger = $1)
			order by l.id limit 1000 for update skip locked)
		 returning event, replay`,
		[trigger ?? null],
	);
	// One publication reaches every trigger of the event. The last number counts for all of its letters.
	const last = rows.toSorted((one, other) => one.replay - other.replay).map(replayed);
	const events = [...new Map(last.map((event) => [`${event.source} ${event.id}`, event])).values()];
	return { count: rows.length, events };
}
