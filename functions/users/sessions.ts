import { createHash, randomBytes } from 'node:crypto';
import type { Queryable, Transaction } from '../../kit/data/database.ts';
import type { User } from './api.ts';

/** How long a session lives without being refreshed, in seconds. */
export const lifetime = 30 * 24 * 3600;

/**
 * How long the token that was used last may come again, in seconds: from another tab that refreshes at the same moment, or
 * a page that was left before it had the answer.
 */
const grace = 10;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const newToken = (): string => randomBytes(32).toString('base64url');

/** Begins a session; answers with its first refresh token. */
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

/** What came of a refresh: who it was, with the token that is next. */
export interface Refreshed {
	readonly user: Pick<User, 'id' | 'roles'>;
	readonly token: string;
}

/**
 * Exchanges a refresh token for the next one. One that was used before is in two hands, nobody knows whose: its session
 * ends (RFC 9700, 4.14.2).
 */
export async function refresh(tx: Transaction, given: string): Promise<Refreshed | 'unknown' | 'reused'> {
	const hash = hashOf(given);
	// Refreshes of one session take turns, so what follows sees what the one before has done.
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
	// All that are unused are used up: of two tabs' tokens the one that is not in the cookie must not live on beside the other.
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

/** Ends the session of a refresh token, whether that was used or not. */
export async function end(db: Queryable, token: string): Promise<void> {
	await db.query('delete from sessions where id = (select session_id from refresh_tokens where hash = $1)', [
		hashOf(token),
	]);
}

/** Forgets the sessions that have expired, and of the others the tokens whose cookie has. */
export async function prune(db: Queryable): Promise<void> {
	await db.query('delete from sessions where expires_at < now()');
	await db.query('delete from refresh_tokens where used_at < now() - make_interval(secs => $1)', [lifetime]);
}
