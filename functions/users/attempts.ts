import { createHash } from 'node:crypto';
import type { Queryable } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';

/** Over how long attempts are counted, in seconds. */
const period = 15 * 60;

/**
 * Failed sign-ins of one account, whether it exists or not, and failed sign-ins and sign-ups together from one address (of
 * IPv6 from one /64), within the period. An office's people share an address, so that one is generous.
 */
const limits = { account: 10, network: 100 };

/**
 * Notes an attempt before it is made, so that many at once cannot outrun the count; in the database, so that all instances
 * count together.
 * @returns its number, to `forgive` it by
 * @throws {Problem} 429 with Retry-After
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
	// Until the end of the transaction whoever counts the same waits here: first for an account, then for a network, so that
	// no two wait for each other.
	await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`attempts of ${counted} ${key}`]);
	const { rows } = await db.query<{ count: number; wait: number }>(
		`select count(*), ceil(extract(epoch from min(at) - now()) + $2)::int as wait
		 from attempts where ${counted} = $1 and at > now() - make_interval(secs => $2)`,
		[value, period],
	);
	const { count = 0, wait = period } = rows[0] ?? {};
	if (count < limits[counted]) return;
	const whose = counted === 'account' ? 'for this account' : 'from this address';
	throw new Problem(429, `There were too many attempts ${whose}. Try again in ${wait} seconds.`, {
		headers: { 'retry-after': String(wait) },
	});
}

/** An attempt that did not fail does not count. */
export async function forgive(db: Queryable, attempt: number): Promise<void> {
	await db.query('delete from attempts where id = $1', [attempt]);
}

/** Forgets the attempts that count no more. */
export async function prune(db: Queryable): Promise<void> {
	await db.query('delete from attempts where at < now() - make_interval(secs => $1)', [period]);
}
