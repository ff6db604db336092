import { createHash, randomBytes } from 'node:crypto';
import type { Queryable, Transaction } from '../../kit/data/database.ts';
import type { User } from './api.ts';

/** Lifetime of a session that is not refreshed, in seconds. */
export const lifetime = 30 * 24 * 3600;

/**
 * How long the most recently used token stays valid, in seconds. Another tab can refresh at the same moment, or a page
 * can close before it receives the response.
 */
const grace = 10;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const newToken = (): string => randomBytes(32).toString('base64url');

export async function begin(db: Queryable, userId: string): Promise<string> {
	const token = newToken();
	await db.query(
		`with session as (
			insert into sessions (user_id, expires_at) values ($1, now() + make_interval(secs => $2)) returning id
		) insert into refresh_tokens (session_id, hash) select id, $3 from session`,
		[userId, lifetime, hashOf(token)],
	);
	return token;
}

interface Refreshed {
	readonly user: Pick<User, 'id' | 'roles'>;
	/** The next refresh token. */
	readonly token: string;
}

/**
 * Exchanges a refresh token for the next one. Ends the session if the token was used before, because the reuse means
 * that two parties hold it, one of them perhaps a thief (RFC 9700, 4.14.2).
 */
export async function refresh(tx: Transaction, given: string): Promise<Refreshed | 'unknown' | 'reused'> {
	const hash = hashOf(given);
	// The row lock serializes refreshes of one session, so the queries below see the result of the previous one.
	const { rows: sessions } = await tx.query<{ id: string; user_id: string }>(
		`select id, user_id from sessions
		 where id = (select session_id from refresh_tokens where hash = $1) and expires_at > now() for update`,
		[hash],
	);
	const [session] = sessions;
	if (!session) return 'unknown';
	const { rows: tokens } = await tx.query<{ unused: boolean; just_used: boolean }>(
		`select used_at is null as unused, used_at > now() - make_interval(secs => $2)
			and used_at = (select max(used_at) from refresh_tokens where session_id = $3) as just_used
		 from refresh_tokens where hash = $1`,
		[hash, grace, session.id],
	);
	const [token] = tokens;
	if (!token?.unused && !token?.just_used) {
		await tx.query('delete from sessions where id = $1', [session.id]);
		return 'reused';
	}
	// Mark every unused token as used: if two tabs each got a token, only the one in the cookie must stay valid.
	if (token.unused)
		await tx.query('update refresh_tokens set used_at = now() where session_id = $1 and used_at is null', [session.id]);
	const next = newToken();
	await tx.query('insert into refresh_tokens (session_id, hash) values ($1, $2)', [session.id, hashOf(next)]);
	await tx.query('update sessions set expires_at = now() + make_interval(secs => $2) where id = $1', [
		session.id,
		lifetime,
	]);
	const { rows: users } = await tx.query<Pick<User, 'id' | 'roles'>>('select id, roles from users where id = $1', [
		session.user_id,
	]);
	return { user: users[0] as Pick<User, 'id' | 'roles'>, token: next };
}

/** Ends the session of a refresh token, even of a used one. */
export async function end(db: Queryable, token: string): Promise<void> {
	await db.query('delete from sessions where id = (select session_id from refresh_tokens where hash = $1)', [
		hashOf(token),
	]);
}

/** Deletes expired sessions, and tokens used so long ago that their cookies have expired. */
export async function prune(db: Queryable): Promise<void> {
	await db.query('delete from sessions where expires_at < now()');
	await db.query('delete from refresh_tokens where used_at < now() - make_interval(secs => $1)', [lifetime]);
}
