import type { ServerResponse } from 'node:http';
import { mayHaveChanged } from '../data/outcome.ts';
import { log } from '../trace/log.ts';
import { currentTrace } from '../trace/trace.ts';
import { Problem } from './problem.ts';

/** Returns the problem that a client gets for an error. It reveals nothing but the trace id of one that is no Problem. */
export function problemOf(error: unknown): Problem {
	if (error instanceof Problem) return error;
	const changed = mayHaveChanged();
	const outcome = changed ? ' Perhaps the request was carried out.' : changed === false ? ' Nothing was changed.' : '';
	const detail = `This function failed unexpectedly; its log has the error under the traceId.${outcome}`;
	return new Problem(500, detail, { cause: error });
}

/** Sends the problem of an error. Logs a status of 500 or above with its cause. */
export function answerProblem(res: ServerResponse, error: unknown): void {
	const problem = problemOf(error);
	if (problem.status >= 500) log.error(problem.message, { status: problem.status, error: problem.cause ?? problem });
	sendProblem(res, problem, currentTrace()?.traceId);
}

/** Sends a problem, or breaks the response off when its headers are sent already. */
export function sendProblem(res: ServerResponse, problem: Problem, traceId?: string): void {
	if (res.headersSent) {
		res.destroy();
		return;
	}
	const text = JSON.stringify(problem.body(traceId));
	for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value);
	res.writeHead(problem.status, {
		'content-type': 'application/problem+json; charset=utf-8',
		'content-length': Buffer.byteLength(text),
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
	});
	res.end(text);
}

/** Answers `OPTIONS` with the allowed methods of a path, including the CORS preflight of a browser (Fetch standard). */
export function answerPreflight(res: ServerResponse, allow: string): void {
	res
		.writeHead(204, {
			allow,
			'access-control-allow-methods': allow,
			// The headers that pages of any origin can send. `server.ts` sets those that they can read.
			'access-control-allow-headers':
				'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, traceparent',
			'access-control-max-age': '86400',
		})
		.end();
}
