import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerProblem } from '../http/answer.ts';
import { Problem } from '../http/problem.ts';
import { requestUrl } from '../http/request-url.ts';
import { log } from '../trace/log.ts';
import { serverSpan } from '../trace/span.ts';
import { currentTrace, traced } from '../trace/trace.ts';
import type { Context } from './context.ts';
import { keepAlive } from './keep-alive.ts';

/** What the functions framework serves a function with: an express application, which hands on what it could not do. */
export type Framework = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** What one instance tells of itself, at `/stats`: since when it serves, and how many requests it has answered. */
export interface Stats {
	readonly started_at: string;
	readonly requests: number;
}

/** A public API without credentials: any page may read it, errors and all. */
const cors = {
	'access-control-allow-origin': '*',
	'access-control-expose-headers': 'Location, Link, ETag, Allow, Retry-After, Preference-Applied',
};

/**
 * The HTTP server in front of the functions framework. It answers what every function answers alike (`/health`, `/ready`,
 * `/stats`), limits bodies, which the framework takes up to a gigabyte, and turns the framework's own errors into problems.
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
				// One for all of it: of a response that is piped to Node complains when more than ten listen.
				res.once('close', () => {
					// Not before: who sees the count change finds what the request did.
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

/** Logs a request, once it is done, as what is called then. */
function requestLog(req: IncomingMessage, res: ServerResponse): () => void {
	const start = performance.now();
	const trace = currentTrace()?.traceId;
	return () => {
		const ms = Math.round((performance.now() - start) * 10) / 10;
		log.info('request', { trace, method: req.method, path: req.url, status: res.statusCode, ms });
	};
}

/**
 * Answers 413 as soon as a body is known to be too large: from its length, or while a body of no stated length comes in.
 * A compressed one could be a thousand times its length, so it is not taken at all. The rest is read and dropped: closing
 * the connection upon it would reset it, and the answer with it.
 */
function limitBody(req: IncomingMessage, res: ServerResponse, limit: number): boolean {
	const refuse = (found: string): void => {
		const problem = new Problem(413, `The body has ${found}; this function takes at most ${limit} bytes.`);
		if (!res.headersSent) answerProblem(res, problem);
	};
	const encoding = req.headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') {
		const detail = `The body is encoded as "${encoding}"; send it as it is, without Content-Encoding.`;
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
	// The framework's body parser attaches its own listener within this tick, so it misses nothing.
	req.on('data', (chunk: Buffer) => {
		received += chunk.length;
		if (received <= limit) return;
		// The parser must not take what came so far for the whole: it may well be JSON.
		req.removeAllListeners('data').removeAllListeners('end');
		req.resume();
		refuse(`more than ${limit} bytes`);
	});
	return true;
}

/** body-parser's errors carry a status and a type (`entity.parse.failed`); they are about the request, so they are told. */
function frameworkProblem(error: unknown): unknown {
	const { status, message, type } = error as { status?: number; message?: string; type?: string };
	if (status === undefined || status >= 500) return error;
	if (type === 'entity.parse.failed') return new Problem(400, `The body is not JSON: ${message}. Send a JSON object.`);
	return new Problem(status, `The request cannot be read: ${message}.`);
}
