/**
 * The URL a request is for, on a host that means nothing. Only the path and the query of its target count: a target may
 * name a host (RFC 9112, 3.2.2), or look as if it did (`//host/path`), and that is the sender's word.
 */
export function requestUrl(target: string | undefined): URL {
	const path = (target ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
	return new URL(`http://localhost${path.startsWith('/') ? '' : '/'}${path}`);
}
