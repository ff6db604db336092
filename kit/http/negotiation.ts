import type { IncomingMessage, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';

/** Returns the media type that the client prefers, or JSON if it accepts none of the alternatives (RFC 9110, 12.4.1). */
export function preferredType(req: IncomingMessage, res: ServerResponse, alternatives?: readonly string[]): string {
	const json = 'application/json';
	if (!alternatives) return json;
	vary(res, 'accept');
	return new Negotiator(req).mediaType([json, ...alternatives]) ?? json;
}

/** Returns whether the client accepts a content coding (RFC 9110, 12.5.3). */
export const acceptsEncoding = (req: IncomingMessage, encoding: string): boolean =>
	new Negotiator(req).encodings([encoding]).length > 0;

/** Adds a request header to those that the response depends on (RFC 9110, 12.5.5). */
export const vary = (res: ServerResponse, header: string): void => void res.appendHeader('vary', header);
