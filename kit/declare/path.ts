/** Returns the path of an operation as a template: `/api/books/:id`. */
export const templateOf = (base: string, path: string): string => `${base}${path === '/' ? '' : path}`;

type Values = Readonly<Record<string, unknown>>;

/** Parameters replace `:name`. A list in the query becomes several parameters; undefined values are left out. */
export function pathOf(template: string, { params = {}, query = {} }: { params?: Values; query?: Values }): string {
	const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
	const pairs = Object.entries(query).flatMap(([name, value]) =>
		(Array.isArray(value) ? value : [value]).flatMap((each) => (each === undefined ? [] : [[name, String(each)]])),
	);
	return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}
