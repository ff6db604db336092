import { createHash } from 'node:crypto';
import type { Queryable } from '../../../kit/data/database.ts';
import { Problem } from '../../../kit/http/problem.ts';

/** The period over which attempts are counted, in seconds. It begins with the first one. */
const period = 15 * 60;

/**
 * The most attempts within the period from one network (an IPv4 address, or a /64 for IPv6). `account` limits failed
 * sign-ins to one account, even to a nonexistent one. `network` limits failed sign-ins and sign-ups together; it is
 * higher because an office shares an address. No limit counts an account's attempts from everywhere, because anyone could
 * then lock its owner out.
 */
const limits = { account: 10, network: 100 };

/** An attempt that counts until `forgive`. The client's address is undefined if the shop does not know it. */
export interface Attempt {
	readonly account: Buffer | null;
	readonly address: string | null;
	/** The attempts to this account from everywhere within the period, with this one. */
	readonly failures: number;
}

const start = `(now() - make_interval(secs => ${period}))`;

/** Returns a statement that counts an attempt in one row, unless `most` is reached. The row is locked only for the statement. */
const counted = (account: string, network: string, condition: string, most?: number): string =>
	`insert into attempt_counts as c (account, network, count) select ${account}, ${network}, 1 where ${condition}
	 on conflict (account, network) do update
	 set count = case when c.since > ${start} then c.count + 1 else 1 end,
		since = case when c.since > ${start} then c.since else now() end
	 ${most === undefined ? '' : `where c.count < ${most} or c.since <= ${start}`} returning c.count`;

// Each part reads the one before, so all statements lock their rows in the same order and cannot deadlock.
const noting = `with pair as (${counted('$1::bytea', 'network_of($2)', '$1 is not null and $2::inet is not null', limits.account)}),
	network as (${counted(
		'null',
		'network_of($2)',
		'$2::inet is not null and ($1::bytea is null or exists (select from pair))',
		limits.network,
	)}),
	whole as (${counted('$1::bytea', 'null', '$1 is not null and ($2::inet is null or exists (select from network))')})
	select $2::inet is null or exists (select from network) as admitted, exists (select from pair) as in_pair,
		coalesce((select count from whole), 0) as failures,
		(select ceil(extract(epoch from since - ${start}))::int from attempt_counts
		 where network = network_of($2) and account is not distinct from case when not exists (select from pair) then $1 end) as wait`;

interface Noted {
	readonly admitted: boolean;
	readonly in_pair: boolean;
	readonly failures: number;
	/** Seconds until the count at its limit starts again; null if the statement cannot see it yet. */
	readonly wait: number | null;
}

/**
 * Counts an attempt before it is made, so that parallel attempts cannot exceed a limit. The database counts for all
 * instances together, in one round trip.
 * @param address the client's, or undefined if it is unknown: then the attempt is never refused
 * @throws {Problem} 429 with Retry-After when a limit is reached
 */
export async function note(db: Queryable, address: string | undefined, email?: string): Promise<Attempt> {
	const account = email === undefined ? null : createHash('sha256').update(email).digest();
	const attempt = { account, address: address ?? null };
	const { rows } = await db.query<Noted>(noting, [account, attempt.address]);
	const { admitted, in_pair, failures, wait } = rows[0] as Noted;
	if (admitted) return { ...attempt, failures };
	const isNetwork = account === null || in_pair;
	if (in_pair) await forgive(db, attempt, 'pair');
	const seconds = Math.min(Math.max(wait ?? period, 1), period);
	const whose = isNetwork ? 'from this address' : 'for this account from this address';
	throw new Problem(429, `Too many attempts ${whose}. Try again in ${seconds} seconds.`, {
		headers: { 'retry-after': String(seconds) },
	});
}

/** Stops counting an attempt, because it succeeded or was not made. */
export async function forgive(
	db: Queryable,
	{ account, address }: Pick<Attempt, 'account' | 'address'>,
	from: 'everywhere' | 'pair' = 'everywhere',
): Promise<void> {
	const less = (condition: string): string =>
		`update attempt_counts set count = count - 1 where count > 0 and ${condition} returning 1`;
	await db.query(
		`with pair as (${less('account = $1 and network = network_of($2)')}),
			network as (${less(`$3 and account is null and network = network_of($2) and (select count(*) from pair) >= 0`)})
		 ${less('$3 and account = $1 and network is null and (select count(*) from network) >= 0')}`,
		[account, address, from === 'everywhere'],
	);
}

export async function prune(db: Queryable): Promise<void> {
	await db.query(`delete from attempt_counts where since < ${start}`);
}
