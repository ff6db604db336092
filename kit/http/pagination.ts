import * as z from 'zod';
import { integer } from '../fields/numeral.ts';
import type { Exchange } from './http.ts';
import { Problem } from './problem.ts';

export const pageQuery = <After extends z.ZodType>(after: After) =>
	z.object({ limit: integer(1, 1000).default(100), after: after.optional() });

/** The order of a list: one of the names, or `-name` for descending. The first is the default. */
export const sortedBy = <const Names extends readonly [string, ...string[]]>(...names: Names) => {
	type Name = Names[number];
	return (
		z
			.enum(names.flatMap((name): (Name | `-${Name}`)[] => [name, `-${name}`]))
			// The compiler does not resolve the enum's type while the names are generic.
			.default(names[0] as never)
			.describe(`The order: ${names.map((name) => `\`${name}\``).join(', ')}; with \`-\` before it, descending.`)
	);
};

/** Returns the problem of an `after` whose row has been removed, so that its position in a sorted list is unknown. */
export const goneAfter = (id: number): Problem => {
	const detail = `row ${id} does not exist any more; start again without \`after\``;
	return new Problem(422, `The request is invalid: query.after: ${detail}.`, {
		errors: [{ field: 'query.after', detail }],
	});
};

/** Takes up to `limit` + 1 rows, and sets a `Link: rel="next"` header (RFC 8288) if there are more than `limit`. */
export function page<Row>(rows: Row[], limit: number, key: (row: Row) => string | number, exchange: Exchange): Row[] {
	if (rows.length <= limit) return rows;
	const kept = rows.slice(0, limit);
	const next = new URL(exchange.url);
	next.searchParams.set('after', String(key(kept.at(-1) as Row)));
	exchange.header('link', `<${next.pathname}${next.search}>; rel="next"`);
	return kept;
}
