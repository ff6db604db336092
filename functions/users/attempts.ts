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
		// Serializes transactions that count the same account or network. Each locks the account before the network, so that no
		// two deadlock. The count is another statement, because a statement does not see commits after its start.
		await tx.query(
			`select case when $1::bytea is not null then pg_advisory_xact_lock(hashtextextended('attempts of account ' || encode($1, 'hex'), 0)) end,
				pg_advisory_xact_lock(hashtextextended('attempts of network ' || network_of($2)::text, 0))`,
			[account, address],
		);
		const { rows } = await tx.query<Counted>(
			`with recent as (
				select account is not distinct from $1 as of_account, network = network_of($2) as of_network, at
				from attempts where (account = $1 or network = network_of($2)) and at > now() - make_interval(secs => $3)
			), counted as (
				select count(*) filter (where of_account and $1 is not null) as accounts, min(at) filter (where of_account) as account_since,
					count(*) filter (where of_network) as networks, min(at) filter (where of_network) as network_since
				from recent
			), noted as (
				insert into attempts (account, network) select $1, network_of($2) from counted where accounts < $4 and networks < $5
				returning id
			)
			select noted.id, accounts >= $4 as account_full,
				ceil(extract(epoch from case when accounts >= $4 then account_since else network_since end - now()) + $3)::int as wait
			from counted left join noted on true`,
			[account, address, period, limits.account, limits.network],
		);
		const { id, account_full, wait } = rows[0] as Counted;
		if (id !== null) return id;
		const whose = account_full ? 'for this account' : 'from this address';
		throw new Problem(429, `Too many attempts ${whose}. Try again in ${wait} seconds.`, {
			headers: { 'retry-after': String(wait) },
		});
	});
}

interface Counted {
	/** The attempt that was stored; null at a limit. */
	readonly id: number | null;
	readonly account_full: boolean;
	/** Seconds until the oldest counted attempt expires. */
	readonly wait: number;
}

/** Deletes a successful attempt, so that it does not count. */
export async function forgive(db: Queryable, attempt: number): Promise<void> {
	await db.query('delete from attempts where id = $1', [attempt]);
}

export async function prune(db: Queryable): Promise<void> {
	await db.query('delete from attempts where at < now() - make_interval(secs => $1)', [period]);
}
