import { type Exchange, implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/page.ts';
import { notFound, Problem, unauthorized } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import { api, type User } from './api.ts';
import * as attempts from './attempts.ts';
import { clientAddress } from './client-address.ts';
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
			throw new Problem(409, `There is an account with the e-mail address ${user.email}. Sign in, or use another.`);
		return added;
	},

	async listUsers({ query: { limit, after } }, { db }, exchange) {
		return page(await users.list(db, limit + 1, after), limit, (user) => user.id, exchange);
	},

	async getMe(_input, { db }, { identity }) {
		const { id = '' } = identity ?? {};
		const user = await users.find(db, id);
		if (!user) throw notFound('user', id);
		return user;
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
		// Compared with a hash also where there is no account, so that nobody learns from the time it takes who has one.
		if (!(await isPassword(password, user?.password_hash)) || !user)
			throw unauthorized('There is no account with this e-mail address and password. Check both, or sign up.');
		await attempts.forgive(db, attempt);
		return grant(user, await sessions.begin(db, user.id), headers, context, exchange);
	},

	async refresh({ headers }, context, exchange) {
		// A page elsewhere can have a request sent without asking first, but none of this type (Fetch, "CORS-safelisted").
		if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
			throw new Problem(415, 'Send "Content-Type: application/json", also without a body: other pages cannot.');
		const token = readCookie(headers.cookie);
		const refreshed = token === undefined ? 'unknown' : await context.transaction((tx) => sessions.refresh(tx, token));
		if (refreshed === 'reused') log.warn('a used refresh token came again, so its session was ended');
		if (typeof refreshed === 'string')
			throw unauthorized('There is no session, or it has ended. Sign in with POST /api/users/session.');
		return grant(refreshed.user, refreshed.token, headers, context, exchange);
	},

	async signOut({ headers }, { db }, exchange) {
		const token = readCookie(headers.cookie);
		if (token !== undefined) await sessions.end(db, token);
		exchange.header('set-cookie', refreshCookie(undefined, exchange.url.pathname, headers['x-forwarded-proto']));
		return undefined;
	},
});

/** An access token in the answer, and the refresh token in its cookie. */
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
