import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The entity tag of a body: its content's hash. */
export const etagOf = (content: string | Buffer): string =>
	`"${createHash('sha1').update(content).digest('base64url')}"`;

/** Whether the caller has just this already; `If-None-Match` is a list, compared weakly (RFC 9110, 13.1.2). */
export function isKnown(req: IncomingMessage, etag: string): boolean {
	const known = req.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
	return known.includes(etag) || known.includes('*');
}
