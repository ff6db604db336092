import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from './problem.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the `Authorization` header bears the admin's token; compared in constant time. */
export function isAdmin(authorization: string | undefined, token: string): boolean {
	const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
	return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** The answer to a request that an admin alone may make (RFC 6750, 3: 401 with a challenge, whether absent or wrong). */
export const unauthorized = (given: boolean): Problem =>
	new Problem(
		401,
		given
			? 'The bearer token is not the admin’s. Send the token that was shown when the shop started.'
			: 'This needs an admin. Send the header "Authorization: Bearer <token>" with the token that was shown when the shop started.',
		{
			headers: { 'www-authenticate': given ? 'Bearer realm="bodega", error="invalid_token"' : 'Bearer realm="bodega"' },
		},
	);
