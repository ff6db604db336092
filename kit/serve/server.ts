import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { answerProblem } from '../http/answer.ts';
import type { HttpHandler } from '../http/http.ts';
import { Problem } from '../http/problem.ts';
import { requestUrl } from '../http/request.ts';
import { tooLarge } from '../net/body.ts';
import { BodyMemory } from '../net/body-memory.ts';
import { openServer } from '../net/server.ts';
import { log } from '../trace/log.ts';
import { serverSpan } from '../trace/span.ts';
import { currentTrace, traced } from '../trace/trace.ts';
import type { Context } from './context.ts';
import { OutcomeCounter, type Outcomes } from './outcomes.ts';
import { Waking } from './waking.ts';

/** The bounds of request bodies, in bytes. */
export interface BodyBounds {
	/** The largest body at a path. */
	readonly bodyLimit: (pathname: string) => number;
	/** The most bytes of bodies in memory in parallel; undefined for a function that streams them. */
	readonly bodyMemory: number | undefined;
}

/** The body of `/stats`: since when one instance serves, how many requests it has answered, and how. */
export interface Stats extends Outcomes {
	readonly started_at: string;
	readonly requests: number;
}

/** A public API without credentials: pages of any origin can read its responses, including errors. */
const cors = {
	'access-control-allow-origin': '*',
	'access-control-expose-headers': 'Location, Link, ETag, Allow, Retry-After, Preference-Applied',
};

/** Creates the HTTP server of a function. It answers `/health`, `/ready` and `/stats` itself, and limits bodies. */
export function createFunctionServer(
	handler: HttpHandler,
	context: Context,
	{ bodyLimit, bodyMemory, local }: BodyBounds & { readonly local: boolean },
): Server {
	const memory = bodyMemory === undefined ? undefined : new BodyMemory(bodyMemory);
	const startedAt = new Date().toISOString();
	const waking = new Waking(context.config.env);
	const outcomes = new OutcomeCounter();
	let requests = 0;
	const listener = (req: IncomingMessage, res: ServerResponse): unknown => {
		const path = requestUrl(req.url).pathname;
		for (const [name, value] of Object.entries(cors)) res.setHeader(name, value);
		return traced(req.headers['traceparent'] as string | undefined, path, () => {
			if (path === '/health') answer(res, { status: 'ok' });
			else if (path === '/stats') answer(res, { started_at: startedAt, requests, ...outcomes } satisfies Stats);
			else if (path === '/ready')
				context.ready().then(
					() => answer(res, { status: 'ready' }),
					(error) => answerProblem(res, error),
				);
			else {
				waking.ahead(req.method, path);
				const logged = requestLog(req, res);
				const spanned = serverSpan(req, res);
				// One listener for everything, because Node warns about a response with more than ten, and pipes add their own.
				res.once('close', () => {
					// Counted only now, so that a client that sees the new count also sees the effects of the request.
					requests += 1;
					outcomes.add(res.statusCode, logged());
					spanned();
				});
				const limit = bodyLimit(path);
				const refused = refusalOf(req, limit);
				if (refused) return answerProblem(res, refused);
				// A function that reads bodies counts them itself.
				if (!memory) countBody(req, res, limit);
				const handle = (): Promise<void> => handler(req, res);
				const bytes = req.headers['transfer-encoding'] === undefined ? lengthOf(req) : limit;
				if (!memory || !bytes) return handle();
				return hold(req, res, bytes, memory).then(() => (res.closed ? undefined : handle()));
			}
		});
	};
	return openServer(listener, { local });
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

/** Returns the function that logs a request, to be called when it is done. It returns the duration in milliseconds. */
function requestLog(req: IncomingMessage, res: ServerResponse): () => number {
	const start = performance.now();
	const trace = currentTrace()?.traceId;
	return () => {
		const ms = Math.round((performance.now() - start) * 10) / 10;
		log.info('request', { trace, method: req.method, path: req.url, status: res.statusCode, ms });
		return ms;
	};
}

const lengthOf = (req: IncomingMessage): number => Number(req.headers['content-length'] ?? 0);

/** A body of at most this size, in bytes, is already in the server's buffer. */
const short = 65_536;

/** Waits until there is memory for the body, and frees it after the response. @throws {Problem} 503 */
async function hold(req: IncomingMessage, res: ServerResponse, bytes: number, memory: BodyMemory): Promise<void> {
	// A body that never comes must not keep others waiting, so a long one takes memory only when it arrives.
	while (bytes > short && !req.complete && !req.readableLength && !res.closed) await after(10);
	const gone = new AbortController();
	const leave = (): void => gone.abort();
	res.once('close', leave);
	const free = memory.take(bytes) ?? (await memory.wait(bytes, gone.signal));
	res.off('close', leave);
	if (res.closed) free();
	else res.once('close', free);
}

/** Returns the problem of a body that is too large by its length, or compressed: then it can expand a thousandfold. */
function refusalOf(req: IncomingMessage, limit: number): Problem | undefined {
	const encoding = req.headers['content-encoding'] ?? 'identity';
	const length = lengthOf(req);
	if (encoding === 'identity') return length > limit ? tooLarge(`${length} bytes`, limit) : undefined;
	const detail = `The body is encoded as "${encoding}"; send it uncompressed, without Content-Encoding.`;
	return new Problem(415, detail, { headers: { 'accept-encoding': 'identity' } });
}

/**
 * Answers 413 when a chunked body becomes too large while it arrives. The rest of it is read and dropped, because closing
 * the connection early would reset it and lose the response.
 */
function countBody(req: IncomingMessage, res: ServerResponse, limit: number): void {
	if (req.headers['transfer-encoding'] === undefined) return;
	let received = 0;
	req.on('data', (chunk: Buffer) => {
		received += chunk.length;
		if (received <= limit) return;
		// Otherwise the function would pass on the part received so far.
		req.removeAllListeners('data').removeAllListeners('end');
		req.resume();
		if (!res.headersSent) answerProblem(res, tooLarge(`more than ${limit} bytes`, limit));
	});
	// Otherwise the listener would let the body flow before the function reads it.
	req.pause();
}
