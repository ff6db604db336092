import { type Exchange, implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, notFound, Problem, unauthorized } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import { api, type User } from './api.ts';
import { announce } from './deletions.ts';
import { admit } from './limits/admission.ts';
import * as attempts from './limits/attempts.ts';
import { addressOf, type Forwarded, prove, proveCaller } from './proof.ts';
import { readCookie, refreshCookie } from './refresh-cookie.ts';
import * as sessions from './sessions.ts';
import { publicKeys } from './signing-keys.ts';
import * as users from './users.ts';

export const operations = implement(api, {
	signUp({ body: { password, ...user }, headers }, context, exchange) {
		return admit(async () => {
			await attempts.note(context.db, addressOf(headers, context, exchange));
			const { hashPassword } = await import('../../kit/auth/password.ts');
			const added = await users.add(context.db, user, await hashPassword(password));
			if (!added)
				throw new Problem(
					409,
					`The e-mail address ${user.email} already has an account. Sign in, or use another address.`,
				);
			return added;
		});
	},

	async listUsers({ query: { limit, after } }, { db }, exchange) {
		return page(await users.list(db, limit + 1, after), limit, (user) => user.id, exchange);
	},

	async getMe(_input, { db }, { identity }) {
		const { id = '' } = identity ?? {};
		return found(await users.find(db, id), 'user', id);
	},

	changePassword({ body: { current_password, new_password }, headers }, context, exchange) {
		return admit(async () => {
			const user = await proveCaller(current_password, headers, context, exchange);
			const { hashPassword } = await import('../../kit/auth/password.ts');
			const hash = await hashPassword(new_password);
			await context.transaction(async (tx) => {
				if (!(await users.setPassword(tx, user.id, user.password_hash, hash)))
					throw new Problem(
						409,
						'The password was changed by another request at the same moment. Sign in with the new one, then try again.',
					);
				await sessions.endAll(tx, user.id, exchange.identity?.session);
			});
			return undefined;
		});
	},

	async endSessions({ headers }, { db }, exchange) {
		await sessions.endAll(db, exchange.identity?.id ?? '');
		exchange.header('set-cookie', refreshCookie(undefined, exchange.url.pathname, headers['x-forwarded-proto']));
		return undefined;
	},

	deleteMe({ body: { current_password }, headers }, context, exchange) {
		return admit(async () => {
			const { id } = await proveCaller(current_password, headers, context, exchange);
			await context.transaction(async (tx) => {
				const removed = await users.remove(tx, id);
				if (removed === 'gone') throw notFound('user', id);
				if (removed === 'last admin')
					throw new Problem(
						409,
						'This is the only admin, so the shop would have none. Give another account the role admin first.',
					);
				await announce(tx, id);
			});
			exchange.header('set-cookie', refreshCookie(undefined, exchange.url.pathname, headers['x-forwarded-proto']));
			return undefined;
		});
	},

	async listKeys(_input, { db }) {
		return { keys: await publicKeys(db) };
	},

	signIn({ body, headers }, context, exchange) {
		return admit(async () => {
			const user = await prove(body, headers, context, exchange);
			const session = user && (await sessions.begin(context.db, user));
			if (!session) throw unauthorized('No account has this e-mail address and password. Check both, or sign up.');
			return grant(user, session, headers, context, exchange);
		});
	},

	async refresh({ headers }, context, exchange) {
		// Pages of other origins cannot send this content type without a CORS preflight (Fetch, "CORS-safelisted").
		if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
			throw new Problem(
				415,
				'Send "Content-Type: application/json", even without a body. It protects against requests from other sites.',
			);
		const token = readCookie(headers.cookie);
		const refreshed = token === undefined ? 'unknown' : await context.transaction((tx) => sessions.refresh(tx, token));
		if (refreshed === 'reused') log.warn('a refresh token was reused, so its session was ended');
		if (typeof refreshed === 'string')
			throw unauthorized('The request has no session, or the session has ended. Sign in with POST /api/users/session.');
		return grant(refreshed.user, refreshed, headers, context, exchange);
	},

	async signOut({ headers }, { db }, exchange) {
		const token = readCookie(headers.cookie);
		if (token !== undefined) await sessions.end(db, token);
		exchange.header('set-cookie', refreshCookie(undefined, exchange.url.pathname, headers['x-forwarded-proto']));
		return undefined;
	},
});

async function grant(
	user: Pick<User, 'id' | 'roles'>,
	session: { readonly id: string; readonly token: string },
	headers: Forwarded,
	{ db }: Context,
	exchange: Exchange,
) {
	const { sign } = await import('./access-token.ts');
	exchange.header('cache-control', 'no-store');
	exchange.header('set-cookie', refreshCookie(session.token, exchange.url.pathname, headers['x-forwarded-proto']));
	return sign(db, user, session.id);
}
