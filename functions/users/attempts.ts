import { createHash } from 'node:crypto';
import type { Queryable } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';

/** The period over which attempts are counted, in seconds. */
const period = 15 * 60;

/**
 * The most attempts within the period. `account` limits failed sign-ins of one account, even of a nonexistent one.
 * `network` limits failed sign-ins and sign-ups together from one address (one /64 for IPv6); it is higher because an
 * office shares one.
 */
const limits = { account: 10, network: 100 };

/**
 * Records an attempt before it is made, so that parallel attempts cannot exceed the limit. The database counts for all
 * instances together.
 * @returns the id to pass to `forgive`
 * @throws {Problem} 429 with Retry-After when the limit is reached
 */
export async function note(context: Context, address: string, email?: string): Promise<number> {
	const account = email === undefined ? null : createHash('sha256').update(email).digest();
	return context.transaction(async (tx) => {
		const { rows } = await tx.query<{ network: string }>('select network_of($1)::text as network', [address]);
		const network = rows[0]?.network ?? '';
		if (account) await check(tx, 'account', account, account.toString('hex'));
		await check(tx, 'network', network, network);
		const { rows: noted } = await tx.query<{ id: number }>(
			'insert into attempts (account, network) values ($1, $2) returning id',
			[account, network],
		);
		return noted[0]?.id as number;
	});
}

async function check(db: Queryable, counted: keyof typeof limits, value: unknown, key: string): Promise<void> {
	// Serializes transactions that count the same value. Every transaction locks the account before the network, so that
	// no two deadlock.
	await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`attempts of ${counted} ${key}`]);
	const { rows } = await db.query<{ count: number; wait: number }>(
		`select count(*), ceil(extract(epoch from min(at) - now()) + $2)::int as wait
		 from attempts where ${counted} = $1 and at > now() - make_interval(secs => $2)`,
		[value, period],
	);
	const { count = 0, wait = period } = rows[0] ?? {};
	if (count < limits[counted]) return;
	const whose = counted === 'account' ? 'for this account' : 'from this address';
	throw new Problem(429, `Too many attempts ${whose}. Try again in ${wait} seconds.`, {
		headers: { 'retry-after': String(wait) },
	});
}

/** Deletes a successful attempt, so that it does not count. */
export async function forgive(db: Queryable, attempt: number): Promise<void> {
	await db.query('delete from attempts where id = $1', [attempt]);
}

/** Deletes attempts that are older than the period. */
export async function prune(db: Queryable): Promise<void> {
	await db.query('delete from attempts where at < now() - make_interval(secs => $1)', [period]);
}
