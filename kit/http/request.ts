import type { HttpFunction } from '@google-cloud/functions-framework';

export type Request = Parameters<HttpFunction>[0];
export type Response = Parameters<HttpFunction>[1];

/** Returns whether a request has a body (RFC 9112, 6.3). */
export const hasBody = ({ headers }: Request): boolean =>
	headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Returns the URL of a request, with a placeholder as its host. Only the path and query of the request target count. A
 * target can name a host (RFC 9112, 3.2.2) or look like it (`//host/path`), but the client chooses that host.
 */
export function requestUrl(target: string | undefined): URL {
	const path = (target ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
	return new URL(`http://localhost${path.startsWith('/') ? '' : '/'}${path}`);
}
