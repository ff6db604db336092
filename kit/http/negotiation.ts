import type { IncomingMessage, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';

/** Returns which of the media types the client prefers, or undefined if it accepts none (RFC 9110, 12.5.1). */
export const preferredType = (req: IncomingMessage, types: string[]): string | undefined =>
	new Negotiator(req).mediaType(types);

/** Returns whether the client accepts a content coding (RFC 9110, 12.5.3). */
export const acceptsEncoding = (req: IncomingMessage, encoding: string): boolean =>
	new Negotiator(req).encodings([encoding]).length > 0;

/** Adds a request header to those that the response depends on (RFC 9110, 12.5.5). */
export const vary = (res: ServerResponse, header: string): void => void res.appendHeader('vary', header);
