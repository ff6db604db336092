import type { IncomingMessage } from 'node:http';
import { decoded } from './router.ts';

/** Returns whether a request has a body (RFC 9112, 6.3). */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
	headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The last result: the server and the function ask for the same request, one after the other. */
let last: { readonly target: string | undefined; readonly url: Readonly<URL> } | undefined;

/**
 * Returns the URL of a request, with a placeholder as its host. Only the path and query of the request target count. A
 * target can name a host (RFC 9112, 3.2.2) or look like it (`//host/path`), but the client chooses that host.
 */
export function requestUrl(target: string | undefined): Readonly<URL> {
	if (last?.target === target && last) return last.url;
	const path = (target ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
	last = { target, url: new URL(`http://localhost${path.startsWith('/') ? '' : '/'}${path}`) };
	return last.url;
}

/**
 * Returns the query. A repeated parameter becomes a list, so that a schema for a single value rejects it. `URLSearchParams`
 * would replace what is not UTF-8 by another character.
 * @throws {Problem} 400 if it is not percent-encoded UTF-8
 */
export function queryOf(search: string): Record<string, unknown> {
	const values = new Map<string, string[]>();
	for (const pair of search.slice(1).split('&').filter(Boolean)) {
		const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
		const key = decoded(name, 'query');
		values.set(key, [...(values.get(key) ?? []), decoded(value.join('='), 'query')]);
	}
	return Object.fromEntries([...values].map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
}
