import { shop } from '../../shop.ts';
import type { Access } from '../declare/contract.ts';
import { Problem, unauthorized } from '../http/problem.ts';
import type { Context } from '../serve/context.ts';
import type { Role } from './claims.ts';

export interface Identity {
	/** A UUID. */
	readonly id: string;
	readonly roles: readonly Role[];
	/** The id of the session that the access token belongs to, if the token names it. */
	readonly session?: string;
}

export const isAdmin = (identity: Identity | undefined): boolean => identity?.roles.includes('admin') ?? false;

/**
 * Checks that a request is allowed to call an operation, and returns its user. Where a token is optional, an invalid
 * one is still rejected, so that the client refreshes it instead of being treated as anonymous.
 * @throws {Problem} 401 with a challenge (RFC 6750, 3), or 403 when the operation requires an admin
 */
export async function admit(
	access: Access,
	authorization: string | undefined,
	context: Context,
): Promise<Identity | undefined> {
	if (access === 'public' || (access === 'optional' && authorization === undefined)) return undefined;
	const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
	if (token === undefined)
		throw unauthorized(
			`This requires an account. Sign in with POST ${shop.signIn}, and send "Authorization: Bearer <access token>".`,
		);
	const { verify } = await import('./access-token.ts');
	const { sub, roles, sid } = await verify(token, context.accessKeys);
	const identity = { id: sub, roles, ...(sid === undefined ? {} : { session: sid }) };
	if (access === 'admin' && !isAdmin(identity))
		throw new Problem(403, 'Only admins are allowed to do this. Sign in with an admin account.', {
			headers: { 'www-authenticate': `Bearer realm="${shop.name}", error="insufficient_scope"` },
		});
	return identity;
}
