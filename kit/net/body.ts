import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { messageOf, Problem } from '../http/problem.ts';
import { hasBody } from '../http/request.ts';

export const tooLarge = (found: string, limit: number): Problem =>
	new Problem(413, `The body has ${found}; this function takes at most ${limit} bytes.`);

/**
 * Reads a body. What exceeds `limit` bytes is read and dropped, because closing the connection early would reset it and
 * lose the response.
 * @throws {Problem} 413
 */
export function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
	// The server of functions-framework, which can run a function too, has read the body already.
	const { rawBody } = req as { rawBody?: Buffer };
	if (rawBody || !hasBody(req)) return Promise.resolve(rawBody ?? Buffer.alloc(0));
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let received = 0;
		const data = (chunk: Buffer): void => {
			received += chunk.length;
			if (received <= limit) return void chunks.push(chunk);
			reject(tooLarge(`more than ${limit} bytes`, limit));
			leave();
		};
		const end = (): void => {
			resolve(Buffer.concat(chunks));
			leave();
		};
		const close = (): void => reject(new Problem(400, 'The connection closed before the whole body arrived.'));
		// A connection refers to its last request until the next one, so the request must not refer to the body.
		const leave = (): void => void req.off('data', data).off('end', end).off('close', close).resume();
		req.on('data', data).once('end', end).once('close', close);
	});
}

/** Returns the text of a JSON body (RFC 8259, 8.1). @throws {Problem} 400 when it is not UTF-8 */
export function textOf(body: Buffer): string {
	if (!isUtf8(body)) throw new Problem(400, 'The body is not encoded in UTF-8; send JSON in UTF-8 (RFC 8259, 8.1).');
	// A byte order mark is not part of JSON, but a reader can ignore it.
	return body.toString().replace(/^\uFEFF/, '');
}

export const notJson = (error: unknown): Problem =>
	new Problem(400, `The body is not JSON: ${messageOf(error)}. Send a JSON object.`);

/** Parses a JSON body. @throws {Problem} 400 */
export function parseJson(body: Buffer): unknown {
	const text = textOf(body);
	try {
		return JSON.parse(text);
	} catch (error) {
		throw notJson(error);
	}
}
