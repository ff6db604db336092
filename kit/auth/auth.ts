import { shop } from '../../shop.ts';
import type { Access } from '../declare/contract.ts';
import { Problem, unauthorized } from '../http/problem.ts';
import type { Context } from '../serve/context.ts';
import type { Role } from './claims.ts';

/** Who a request is from. */
export interface Identity {
	/** A UUID. */
	readonly id: string;
	readonly roles: readonly Role[];
}

export const isAdmin = (identity: Identity | undefined): boolean => identity?.roles.includes('admin') ?? false;

/**
 * Lets a request by that may call the operation, and tells who it is from. A token that is of no use is refused also where
 * none is needed: whoever sent it would rather refresh it than be taken for a stranger.
 * @throws {Problem} 401 with a challenge (RFC 6750, 3), 403 for a user where an admin is wanted
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
			`This needs an account. Sign in with POST ${shop.signIn}, and send "Authorization: Bearer <access token>".`,
		);
	const { verify } = await import('./access-token.ts');
	const { sub, roles } = await verify(token, context.accessKeys);
	const identity = { id: sub, roles };
	if (access === 'admin' && !isAdmin(identity))
		throw new Problem(403, 'This is for admins, and your account is none. Sign in with an account that is.', {
			headers: { 'www-authenticate': `Bearer realm="${shop.name}", error="insufficient_scope"` },
		});
	return identity;
}
