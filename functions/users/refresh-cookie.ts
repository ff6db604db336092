import { shop } from '../../shop.ts';
import { lifetime } from './sessions.ts';

const name = `${shop.name}-refresh`;

export const readCookie = (cookies: string | undefined): string | undefined =>
	cookies
		?.split(';')
		.map((cookie) => cookie.trim())
		.find((cookie) => cookie.startsWith(`${name}=`))
		?.slice(name.length + 1);

/**
 * Returns a `Set-Cookie` header that stores the refresh token, or deletes it when `token` is undefined (RFC 6265).
 * Browsers send the cookie only to the session paths below the requested base, never from other sites. Scripts cannot
 * read it.
 * @param path the path of the request
 * @param protocol the request's `X-Forwarded-Proto` header
 */
export function refreshCookie(token: string | undefined, path: string, protocol: string | undefined): string {
	const session = path.replace(/\/(session|me)(\/.*)?$/, '/session');
	const secure = protocol?.split(',')[0]?.trim() === 'https';
	return [
		`${name}=${token ?? ''}`,
		`Path=${session}`,
		`Max-Age=${token === undefined ? 0 : lifetime}`,
		'HttpOnly',
		'SameSite=Strict',
		...(secure ? ['Secure'] : []),
	].join('; ');
}
