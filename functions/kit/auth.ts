import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from './context.ts';
import type { Access } from './contract.ts';
import { Problem } from './problem.ts';

export type Role = 'admin' | 'user';

/** Who a request is from. */
export interface Identity {
	/** A UUID. */
	readonly id: string;
	readonly roles: readonly Role[];
}

export const isAdmin = (identity: Identity | undefined): boolean => identity?.roles.includes('admin') ?? false;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the `Authorization` header bears this token; compared in constant time. */
export function bears(authorization: string | undefined, token: string): boolean {
	const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
	return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

const admin: Identity = { id: '00000000-0000-0000-0000-000000000000', roles: ['admin'] };

/**
 * Lets a request by that may call the operation, and tells who it is from.
 * @throws {Problem} 401 with a challenge, whether the token is absent or wrong (RFC 6750, 3)
 */
export function admit(
	access: Access = 'public',
	authorization: string | undefined,
	context: Context,
): Identity | undefined {
	if (access === 'public') return undefined;
	if (bears(authorization, context.config.adminToken ?? '')) return admin;
	if (access === 'optional' && authorization === undefined) return undefined;
	throw unauthorized(authorization !== undefined);
}

const unauthorized = (given: boolean): Problem =>
	new Problem(
		401,
		given
			? 'The bearer token is not the admin’s. Send the token that was shown when the shop started.'
			: 'This needs an admin. Send the header "Authorization: Bearer <token>" with the token that was shown when the shop started.',
		{
			headers: { 'www-authenticate': given ? 'Bearer realm="bodega", error="invalid_token"' : 'Bearer realm="bodega"' },
		},
	);
