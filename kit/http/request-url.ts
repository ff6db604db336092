/** The last result: the server and the function ask for the same request, one after the other. */
let last: { target: string | undefined; url: Readonly<URL> } = { target: undefined, url: new URL('http://localhost/') };

/**
 * Returns the URL of a request, with a placeholder as its host. Only the path and query of the request target count. A
 * target can name a host (RFC 9112, 3.2.2) or look like it (`//host/path`), but the client chooses that host.
 */
export function requestUrl(target: string | undefined): Readonly<URL> {
	if (target === last.target) return last.url;
	const path = (target ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
	last = { target, url: new URL(`http://localhost${path.startsWith('/') ? '' : '/'}${path}`) };
	return last.url;
}
