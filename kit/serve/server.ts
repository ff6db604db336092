import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerProblem } from '../http/answer.ts';
import { Problem } from '../http/problem.ts';
import { requestUrl } from '../http/request-url.ts';
import { log } from '../trace/log.ts';
import { serverSpan } from '../trace/span.ts';
import { currentTrace, traced } from '../trace/trace.ts';
import type { Context } from './context.ts';
import { keepAlive } from './keep-alive.ts';

/** The functions framework's request handler: an express application, which calls `next` when it cannot answer. */
export type Framework = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** The body of `/stats`: since when one instance serves, and how many requests it has answered. */
export interface Stats {
	readonly started_at: string;
	readonly requests: number;
}

/** A public API without credentials: pages of any origin can read its responses, including errors. */
const cors = {
	'access-control-allow-origin': '*',
	'access-control-expose-headers': 'Location, Link, ETag, Allow, Retry-After, Preference-Applied',
};

/**
 * Creates the HTTP server in front of the functions framework. It answers `/health`, `/ready` and `/stats` for every
 * function, limits the size of bodies (the framework allows 1 GB), and turns the framework's errors into problems.
 */
export function createFunctionServer(
	framework: Framework,
	context: Context,
	bodyLimit: (pathname: string) => number,
): Server {
	const startedAt = new Date().toISOString();
	let requests = 0;
	return createServer({ keepAliveTimeout: keepAlive }, (req, res) => {
		const path = requestUrl(req.url).pathname;
		for (const [name, value] of Object.entries(cors)) res.setHeader(name, value);
		traced(req.headers['traceparent'] as string | undefined, path, () => {
			if (path === '/health') answer(res, { status: 'ok' });
			else if (path === '/stats') answer(res, { started_at: startedAt, requests } satisfies Stats);
			else if (path === '/ready')
				context.ready().then(
					() => answer(res, { status: 'ready' }),
					(error) => answerProblem(res, error),
				);
			else {
				const logged = requestLog(req, res);
				const spanned = serverSpan(req, res);
				// One listener for everything, because Node warns about a response with more than ten, and pipes add their own.
				res.once('close', () => {
					// Counted only now, so that a client that sees the new count also sees the effects of the request.
					requests += 1;
					logged();
					spanned();
				});
				if (limitBody(req, res, bodyLimit(path)))
					framework(req, res, (error) => {
						if (!res.writableEnded)
							answerProblem(res, error ? frameworkProblem(error) : new Problem(404, `There is nothing at ${path}.`));
					});
			}
		});
	});
}

function answer(res: ServerResponse, body: unknown): void {
	const text = JSON.stringify(body);
	res.writeHead(200, {
		'content-type': 'application/json',
		'content-length': Buffer.byteLength(text),
		'cache-control': 'no-store',
	});
	res.end(text);
}

/** Returns the function that logs a request, to be called when it is done. */
function requestLog(req: IncomingMessage, res: ServerResponse): () => void {
	const start = performance.now();
	const trace = currentTrace()?.traceId;
	return () => {
		const ms = Math.round((performance.now() - start) * 10) / 10;
		log.info('request', { trace, method: req.method, path: req.url, status: res.statusCode, ms });
	};
}

/**
 * Answers 413 as soon as a body proves too large: by its stated length, or while a chunked body arrives. Answers 415 to
 * a compressed body, because it can expand a thousandfold. The rest of a body is read and dropped, because closing the
 * connection early would reset it and lose the response. Returns false when it has already answered.
 */
function limitBody(req: IncomingMessage, res: ServerResponse, limit: number): boolean {
	const refuse = (found: string): void => {
		const problem = new Problem(413, `The body has ${found}; this function takes at most ${limit} bytes.`);
		if (!res.headersSent) answerProblem(res, problem);
	};
	const encoding = req.headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') {
		const detail = `The body is encoded as "${encoding}"; send it uncompressed, without Content-Encoding.`;
		answerProblem(res, new Problem(415, detail, { headers: { 'accept-encoding': 'identity' } }));
		return false;
	}
	const length = Number(req.headers['content-length'] ?? 0);
	if (length > limit) {
		refuse(`${length} bytes`);
		return false;
	}
	if (req.headers['transfer-encoding'] === undefined) return true;
	let received = 0;
	// The framework's body parser attaches its own listener within this tick, so it misses no data.
	req.on('data', (chunk: Buffer) => {
		received += chunk.length;
		if (received <= limit) return;
		// Otherwise the parser would take the part received so far for the whole body, because it can be valid JSON.
		req.removeAllListeners('data').removeAllListeners('end');
		req.resume();
		refuse(`more than ${limit} bytes`);
	});
	return true;
}

/** Turns body-parser's errors about a request into problems. They have a status and a type (`entity.parse.failed`). */
function frameworkProblem(error: unknown): unknown {
	const { status, message, type } = error as { status?: number; message?: string; type?: string };
	if (status === undefined || status >= 500) return error;
	if (type === 'entity.parse.failed') return new Problem(400, `The body is not JSON: ${message}. Send a JSON object.`);
	return new Problem(status, `The request cannot be read: ${message}.`);
}
