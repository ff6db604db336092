import type { HttpFunction } from '@google-cloud/functions-framework';

export type Request = Parameters<HttpFunction>[0];
export type Response = Parameters<HttpFunction>[1];

/** Returns whether a request has a body (RFC 9112, 6.3). */
export const hasBody = ({ headers }: Request): boolean =>
	headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
