import type { ServerResponse } from 'node:http';

/** Answers `OPTIONS`: what is possible at a path, for a browser that asks before another page's request too (Fetch, CORS protocol). */
export function answerPreflight(res: ServerResponse, allow: string): void {
	res
		.writeHead(204, {
			allow,
			'access-control-allow-methods': allow,
			// What any page may send, besides what `server.ts` lets it read.
			'access-control-allow-headers':
				'Authorization, Content-Type, Idempotency-Key, If-None-Match, Prefer, traceparent',
			'access-control-max-age': '86400',
		})
		.end();
}
