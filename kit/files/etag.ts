import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const etagOf = (content: string | Buffer): string => `"${hash('sha1', content, 'base64url')}"`;

const tag = /(W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

/** Returns the entity tags of a list (RFC 9110, 8.8.3), or none if it is malformed. */
const tagsIn = (list: string): readonly string[] =>
	/^[\s,]*$/.test(list.replace(tag, '')) ? (list.match(tag) ?? []) : [];

/** Returns whether a field such as `If-None-Match` names an existing version: `*`, or one of its tags, compared weakly. */
const names = (field: string, etag: string): boolean =>
	field.trim() === '*' || tagsIn(field).some((each) => each.replace(/^W\//, '') === etag);

/** Returns whether the client already has the body (RFC 9110, 13.1.2). */
export function isKnown({ headers }: IncomingMessage, etag: string): boolean {
	return headers['if-none-match'] !== undefined && names(headers['if-none-match'], etag);
}

/** The preconditions of a request (RFC 9110, 13.1). Without a modification date, those with a date do not count. */
export interface Preconditions {
	readonly ifMatch: string | undefined;
	readonly ifNoneMatch: string | undefined;
}

/** Returns whether the preconditions of a change hold for the current version; undefined if there is none. */
export function hold({ ifMatch, ifNoneMatch }: Preconditions, etag: string | undefined): boolean {
	// `If-Match` compares strongly, so a weak tag never matches (13.1.1).
	if (ifMatch !== undefined) return etag !== undefined && (ifMatch.trim() === '*' || tagsIn(ifMatch).includes(etag));
	return ifNoneMatch === undefined || etag === undefined || !names(ifNoneMatch, etag);
}
