import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const etagOf = (content: string | Buffer): string => `"${hash('sha1', content, 'base64url')}"`;

/** Returns whether the client already has the body. `If-None-Match` is a list, compared weakly (RFC 9110, 13.1.2). */
export function isKnown(req: IncomingMessage, etag: string): boolean {
	const known = req.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
	return known.includes(etag) || known.includes('*');
}
