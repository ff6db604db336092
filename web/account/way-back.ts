const base = 'https://bodega.invalid';

/**
 * Where to go on after signing in: what `?to=` says when it is a path of this site, else the first screen. A path is what
 * resolves to this site, whatever it is written like (WHATWG URL takes `/\` and a tab within `//` for an address of another).
 */
export function wayBack(to: string | null): string {
	const url = to?.startsWith('/') && URL.canParse(to, base) ? new URL(to, base) : undefined;
	if (url?.origin !== base || url.pathname.startsWith('//')) return '/';
	if (isDoor(url.pathname)) return wayBack(url.searchParams.get('to'));
	return url.pathname + url.search + url.hash;
}

/** Who has signed in is not led to sign in, but to where that would have led. */
const isDoor = (pathname: string): boolean => ['/sign-in', '/sign-up'].includes(pathname);
