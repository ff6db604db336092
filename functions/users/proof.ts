import type { Exchange } from '../../kit/http/http.ts';
import { found, Problem } from '../../kit/http/problem.ts';
import { clientAddress } from '../../kit/net/client-address.ts';
import type { Context } from '../../kit/serve/context.ts';
import type declaration from './function.ts';
import * as attempts from './limits/attempts.ts';
import { delayOf, wait } from './limits/slow-down.ts';
import { type Credentials, credentialsOf } from './users.ts';

export interface Forwarded {
	readonly 'x-forwarded-for'?: string | undefined;
	readonly 'x-forwarded-proto'?: string | undefined;
}

/** Returns the client's address, or undefined if the proxies do not report it. */
export const addressOf = (headers: Forwarded, context: Context, { address }: Exchange): string | undefined =>
	clientAddress(headers['x-forwarded-for'], address, context.settings<typeof declaration>().TRUSTED_PROXIES);

/**
 * Verifies a password. Counts the attempt until the password proves right. Returns undefined if it is wrong, or if there is
 * no account, after the same amount of work: the response time does not reveal who has an account.
 * @throws {Problem} 429 after too many attempts
 */
export async function prove(
	{ email, password }: { readonly email: string; readonly password: string },
	headers: Forwarded,
	context: Context,
	exchange: Exchange,
): Promise<Credentials | undefined> {
	const { db } = context;
	const attempt = await attempts.note(db, addressOf(headers, context, exchange), email);
	await wait(delayOf(attempt.failures), exchange.signal);
	const user = await credentialsOf(db, { email });
	const { isPassword } = await import('../../kit/auth/password.ts');
	if (!(await isPassword(password, user?.password_hash)) || !user) return undefined;
	await attempts.forgive(db, attempt);
	return user;
}

/** Verifies the current password of the caller. @throws {Problem} 403 if it is wrong, 404 without an account, 429 */
export async function proveCaller(
	password: string,
	headers: Forwarded,
	context: Context,
	exchange: Exchange,
): Promise<Credentials> {
	const { id = '' } = exchange.identity ?? {};
	const { email } = found(await credentialsOf(context.db, { id }), 'user', id);
	const user = await prove({ email, password }, headers, context, exchange);
	// Not 401, because the access token is valid: a client would refresh it and send the wrong password again.
	if (user?.id !== id)
		throw new Problem(
			403,
			'The current password is wrong. Nothing was changed. Send the password that you sign in with.',
			{
				errors: [{ field: 'body.current_password', detail: 'is not the password of this account' }],
			},
		);
	return user;
}
