import { type Exchange, implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, Problem, unauthorized } from '../../kit/http/problem.ts';
import { clientAddress } from '../../kit/net/client-address.ts';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import { api, type User } from './api.ts';
import * as attempts from './attempts.ts';
import { readCookie, refreshCookie } from './refresh-cookie.ts';
import * as sessions from './sessions.ts';
import { publicKeys } from './signing-keys.ts';
import * as users from './users.ts';

export const operations = implement(api, {
	async signUp({ body: { password, ...user }, headers }, context, exchange) {
		await attempts.note(context, clientAddress(headers['x-forwarded-for'], exchange.address));
		const { hashPassword } = await import('../../kit/auth/password.ts');
		const added = await users.add(context.db, user, await hashPassword(password));
		if (!added)
			throw new Problem(
				409,
				`The e-mail address ${user.email} already has an account. Sign in, or use another address.`,
			);
		return added;
	},

	async listUsers({ query: { limit, after } }, { db }, exchange) {
		return page(await users.list(db, limit + 1, after), limit, (user) => user.id, exchange);
	},

	async getMe(_input, { db }, { identity }) {
		const { id = '' } = identity ?? {};
		return found(await users.find(db, id), 'user', id);
	},

	async listKeys(_input, { db }) {
		return { keys: await publicKeys(db) };
	},

	async signIn({ body: { email, password }, headers }, context, exchange) {
		const { db } = context;
		const address = clientAddress(headers['x-forwarded-for'], exchange.address);
		const attempt = await attempts.note(context, address, email);
		const user = await users.findByEmail(db, email);
		const { isPassword } = await import('../../kit/auth/password.ts');
		// Without an account, isPassword takes as long, so the response time does not reveal who has one.
		if (!(await isPassword(password, user?.password_hash)) || !user)
			throw unauthorized('No account has this e-mail address and password. Check both, or sign up.');
		await attempts.forgive(db, attempt);
		return grant(user, await sessions.begin(db, user.id), headers, context, exchange);
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
		return grant(refreshed.user, refreshed.token, headers, context, exchange);
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
	refreshToken: string,
	headers: { readonly 'x-forwarded-proto'?: string | undefined },
	{ db }: Context,
	exchange: Exchange,
) {
	const { sign } = await import('./access-token.ts');
	exchange.header('cache-control', 'no-store');
	exchange.header('set-cookie', refreshCookie(refreshToken, exchange.url.pathname, headers['x-forwarded-proto']));
	return sign(db, user);
}
