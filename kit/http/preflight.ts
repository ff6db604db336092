import type { ServerResponse } from 'node:http';

/** Answers `OPTIONS` with the allowed methods of a path, including the CORS preflight of a browser (Fetch standard). */
export function answerPreflight(res: ServerResponse, allow: string): void {
	res
		.writeHead(204, {
			allow,
			'access-control-allow-methods': allow,
			// The headers that pages of any origin can send. `server.ts` sets those that they can read.
			'access-control-allow-headers':
				'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, traceparent',
			'access-control-max-age': '86400',
		})
		.end();
}
