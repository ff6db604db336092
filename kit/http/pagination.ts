import * as z from 'zod';
import { integer } from '../fields/numeral.ts';
import type { Exchange } from './http.ts';

export const pageQuery = <After extends z.ZodType>(after: After) =>
	z.object({ limit: integer(1, 1000).default(100), after: after.optional() });

/** Takes up to `limit` + 1 rows, and sets a `Link: rel="next"` header (RFC 8288) if there are more than `limit`. */
export function page<Row>(rows: Row[], limit: number, key: (row: Row) => string | number, exchange: Exchange): Row[] {
	if (rows.length <= limit) return rows;
	const kept = rows.slice(0, limit);
	const next = new URL(exchange.url);
	next.searchParams.set('after', String(key(kept.at(-1) as Row)));
	exchange.header('link', `<${next.pathname}${next.search}>; rel="next"`);
	return kept;
}
