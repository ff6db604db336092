const base = 'https://bodega.invalid';

/**
 * Returns where to continue after signing in: `?to=` if it is a path of this site, else the home screen. Resolves the
 * path before checking it, because WHATWG URL reads `/\` and a tab within `//` as the address of another host.
 */
export function wayBack(to: string | null): string {
	const url = to?.startsWith('/') && URL.canParse(to, base) ? new URL(to, base) : undefined;
	if (url?.origin !== base || url.pathname.startsWith('//')) return '/';
	// A signed-in user has no use for the sign-in forms.
	if (['/sign-in', '/sign-up'].includes(url.pathname)) return wayBack(url.searchParams.get('to'));
	return url.pathname + url.search + url.hash;
}
