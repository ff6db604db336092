import { lifetime } from './sessions.ts';

const name = 'bodega-refresh';

/** The refresh token among a request's cookies. */
export const readCookie = (cookies: string | undefined): string | undefined =>
	cookies
		?.split(';')
		.map((cookie) => cookie.trim())
		.find((cookie) => cookie.startsWith(`${name}=`))
		?.slice(name.length + 1);

/**
 * The `Set-Cookie` header of a refresh token, or that takes it away (RFC 6265). It goes to the session's own paths alone,
 * below the base that the request was for; no script can read it, and no other site can have it sent.
 * @param path the request's own
 * @param protocol its `X-Forwarded-Proto`
 */
export function refreshCookie(token: string | undefined, path: string, protocol: string | undefined): string {
	const session = path.replace(/(?<=\/session)\/.*$/, '');
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
