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

interface Session {
	readonly id: string;
	/** The next refresh token. */
	readonly token: string;
}

/**
 * Begins a session of the user with this password hash. Returns undefined if the hash has changed since it was verified. The
 * row lock makes a parallel change of the password wait, and the change then ends this session.
 */
export async function begin(
	db: Queryable,
	user: { readonly id: string; readonly password_hash: string },
): Promise<Session | undefined> {
	const token = newToken();
	const { rows } = await db.query<{ id: string }>(
		`with session as (
			insert into sessions (user_id, expires_at)
			select id, now() + make_interval(secs => $3) from users where id = $1 and password_hash = $2 for share returning id
		) insert into refresh_tokens (session_id, hash) select id, $4 from session returning session_id as id`,
		[user.id, user.password_hash, lifetime, hashOf(token)],
	);
	return rows[0] && { id: rows[0].id, token };
}

interface Refreshed extends Session {
	readonly user: Pick<User, 'id' | 'roles'>;
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
		 where id = (select session_id from refresh_tokens where hash = $1) and expires_at > now() for no key update`,
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
	return { user: users[0] as Pick<User, 'id' | 'roles'>, id: session.id, token: next };
}

/** Ends the session of a refresh token, even of a used one. */
export async function end(db: Queryable, token: string): Promise<void> {
	await db.query('delete from sessions where id = (select session_id from refresh_tokens where hash = $1)', [
		hashOf(token),
	]);
}

/** Ends the sessions of a user, except one. */
export async function endAll(db: Queryable, userId: string, except?: string): Promise<void> {
	await db.query('delete from sessions where user_id = $1 and id is distinct from $2', [userId, except ?? null]);
}

/** The most rows that one statement deletes, so that it stays far below the time that a statement has. */
const atOnce = 1000;

/** Deletes expired sessions, and tokens used so long ago that their cookies have expired. */
export async function prune(db: Queryable): Promise<void> {
	await deleteAll(
		db,
		`delete from sessions where id = any (array(
			select id from sessions where expires_at < now() order by expires_at limit $1))`,
	);
	await deleteAll(
		db,
		`delete from refresh_tokens where hash = any (array(
			select hash from refresh_tokens where used_at < now() - make_interval(secs => $2) order by used_at limit $1))`,
		lifetime,
	);
}

/** Repeats a statement that deletes up to $1 rows until it finds fewer. */
async function deleteAll(db: Queryable, text: string, ...values: readonly unknown[]): Promise<void> {
	while ((await db.query(text, [atOnce, ...values])).rowCount === atOnce);
}
