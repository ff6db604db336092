import type { Queryable } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import { away, respite } from './open-meteo.ts';

/** How many responses the cache holds; it evicts the oldest. A response has at most a few kilobytes. */
const capacity = 10_000;

/** A response and how long it is fresh, in seconds. */
interface Fresh<T> {
	readonly value: T;
	readonly seconds: number;
}

interface Entry<T> {
	readonly state: 'asking' | 'stored' | 'failed';
	/** Whether the state has not expired. */
	readonly holds: boolean;
	/** The last stored value, in any state; also null if the provider found nothing. */
	readonly value: T | null;
}

/**
 * Returns the cached response of the provider for a key, or a new one. Among all instances, only one calls the
 * provider, and holds no database connection meanwhile; the others wait for its notification. After a failure, no
 * instance retries for `respite` seconds, or as long as the provider asks for, and a stale response is returned if the cache has one.
 * @param patience how long the call and the waiting can take, in milliseconds
 * @throws {Problem} 503 when the cache has no response and the provider does not answer
 */
export async function recall<T>(
	context: Context,
	key: string,
	patience: number,
	ask: () => Promise<Fresh<T>>,
): Promise<{ readonly value: T | null; readonly stale: boolean }> {
	const { db, notifications } = context;
	let entry = await find<T>(db, key);
	if (!entry?.holds) {
		const claimed = await claim<T>(db, key, patience);
		if (claimed) return await renew(context, key, claimed.value, ask);
		entry = await find<T>(db, key);
	}
	if (entry?.state === 'asking')
		await notifications.until(key, patience, async () => {
			entry = await find<T>(db, key);
			return entry?.state !== 'asking';
		});
	if (entry?.state === 'stored') return { value: entry.value, stale: false };
	if (entry && entry.value !== null) return { value: entry.value, stale: true };
	throw away();
}

async function renew<T>(
	context: Context,
	key: string,
	old: T | null,
	ask: () => Promise<Fresh<T>>,
): Promise<{ value: T | null; stale: boolean }> {
	let fresh: Fresh<T>;
	try {
		fresh = await ask();
	} catch (error) {
		const pause = error instanceof Problem ? Number(error.headers['retry-after']) : respite;
		await settle(context, key, 'failed', pause, old);
		if (old === null) throw error;
		log.warn('the provider does not answer, so a stale response is returned', { key, error });
		return { value: old, stale: true };
	}
	await settle(context, key, 'stored', fresh.seconds, fresh.value);
	return { value: fresh.value, stale: false };
}

async function find<T>(db: Queryable, key: string): Promise<Entry<T> | undefined> {
	const { rows } = await db.query<Entry<T>>('select state, until > now() as holds, value from cache where key = $1', [
		key,
	]);
	return rows[0];
}

/** Claims the call to the provider, unless another instance holds the claim. It expires after `patience`. */
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

/** Stores the result of the call, notifies waiting instances, and deletes the oldest entries beyond the capacity. */
async function settle(
	{ db, notifications }: Context,
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
		select pg_notify($5, $1)`,
		[key, state, seconds, value === null ? null : JSON.stringify(value), notifications.channel],
	);
	// Skip rows that another instance is deleting, to avoid a deadlock.
	await db.query(
		`delete from cache where key in (
			select key from cache
			where since < (select since from cache order by since desc offset $1 limit 1)
			for update skip locked
		)`,
		[capacity - 1],
	);
}
