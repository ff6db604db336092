import type { Queryable } from '../../kit/data/database.ts';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import { away, respite } from './open-meteo.ts';

/** How many answers are kept, the latest. An answer has at most some kilobytes. */
const capacity = 10_000;

/** An answer and how long it is fresh, in seconds. */
export interface Fresh<T> {
	readonly value: T;
	readonly seconds: number;
}

interface Entry<T> {
	readonly state: 'asking' | 'stored' | 'failed';
	/** Whether it is still in that state. */
	readonly holds: boolean;
	/** What was stored last, in whatever state it is now; null also for what the provider does not know. */
	readonly value: T | null;
}

/**
 * The provider's answer that is kept under a key, or a new one. Of all instances one asks, without a connection to the
 * database in the meantime; the others are told when it is done. When it fails nobody tries again for a while, and a stale
 * answer is better than none.
 * @param patience how long whoever asks may take and whoever waits does, in milliseconds
 * @throws {Problem} 503 when there is no answer at all
 */
export async function recall<T>(
	{ db, notifications }: Context,
	key: string,
	patience: number,
	ask: () => Promise<Fresh<T>>,
): Promise<{ readonly value: T | null; readonly stale: boolean }> {
	let entry = await find<T>(db, key);
	if (!entry?.holds) {
		const claimed = await claim<T>(db, key, patience);
		if (claimed) return await renew(db, key, claimed.value, ask);
		entry = await find<T>(db, key);
	}
	if (entry?.state === 'asking')
		await notifications.until('weather', key, patience, async () => {
			entry = await find<T>(db, key);
			return entry?.state !== 'asking';
		});
	if (entry?.state === 'stored') return { value: entry.value, stale: false };
	if (entry && entry.value !== null) return { value: entry.value, stale: true };
	throw away();
}

async function renew<T>(
	db: Queryable,
	key: string,
	old: T | null,
	ask: () => Promise<Fresh<T>>,
): Promise<{ value: T | null; stale: boolean }> {
	let fresh: Fresh<T>;
	try {
		fresh = await ask();
	} catch (error) {
		await settle(db, key, 'failed', respite, old);
		if (old === null) throw error;
		log.warn('a stale answer is given, for there is no new one', { key, error });
		return { value: old, stale: true };
	}
	await settle(db, key, 'stored', fresh.seconds, fresh.value);
	return { value: fresh.value, stale: false };
}

async function find<T>(db: Queryable, key: string): Promise<Entry<T> | undefined> {
	const { rows } = await db.query<Entry<T>>('select state, until > now() as holds, value from cache where key = $1', [
		key,
	]);
	return rows[0];
}

/** Takes it upon this instance to ask, unless another has; should it be ended meanwhile, others may after `patience`. */
async function claim<T>(db: Queryable, key: string, patience: number): Promise<Pick<Entry<T>, 'value'> | undefined> {
	const { rows } = await db.query<Pick<Entry<T>, 'value'>>(
		`insert into cache (key, state, until) values ($1, 'asking', now() + make_interval(secs => $2))
		 on conflict (key) do update set state = excluded.state, since = excluded.since, until = excluded.until
		 where cache.until <= now()
		 returning value`,
		[key, patience / 1000 + 1],
	);
	return rows[0];
}

/** Notes what came of asking, tells those who wait for it, and forgets the oldest answers beyond the cache's capacity. */
async function settle(
	db: Queryable,
	key: string,
	state: 'stored' | 'failed',
	seconds: number,
	value: unknown,
): Promise<void> {
	await db.query(
		`with settled as (
			insert into cache (key, state, until, value) values ($1, $2, now() + make_interval(secs => $3), $4)
			on conflict (key) do update
			set state = excluded.state, since = excluded.since, until = excluded.until, value = excluded.value
		)
		select pg_notify('weather', $1)`,
		[key, state, seconds, value === null ? null : JSON.stringify(value)],
	);
	// Those that another instance is about to forget are left to it: waiting for each other they might wait forever.
	await db.query(
		`delete from cache where key in (
			select key from cache
			where since < (select since from cache order by since desc offset $1 limit 1)
			for update skip locked
		)`,
		[capacity - 1],
	);
}
