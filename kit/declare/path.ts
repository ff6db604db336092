/** Returns the path of an operation as a template: `/api/books/:id`. */
export const templateOf = (base: string, path: string): string => `${base}${path === '/' ? '' : path}`;

/**
 * Returns the path and query of a request. Parameters replace `:name` in the template. A list in the query is sent as
 * several parameters, and undefined values are left out.
 */
export function pathOf(
	template: string,
	{
		params = {},
		query = {},
	}: { params?: Readonly<Record<string, unknown>>; query?: Readonly<Record<string, unknown>> },
): string {
	const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
	const pairs = Object.entries(query).flatMap(([name, value]) =>
		(Array.isArray(value) ? value : [value]).flatMap((each) => (each === undefined ? [] : [[name, String(each)]])),
	);
	return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}
