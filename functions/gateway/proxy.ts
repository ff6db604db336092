import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { HttpFunction } from '@google-cloud/functions-framework';
import { messageOf, Problem } from '../../kit/http/problem.ts';
import { traceparent } from '../../kit/trace/trace.ts';
import type { Routes } from './routes.ts';

type Request = Parameters<HttpFunction>[0];
type Response = Parameters<HttpFunction>[1];

/** Headers that concern one connection only and are not passed on (RFC 9110, 7.6.1), and those the agent sets itself. */
const hopByHop = [
	'connection',
	'keep-alive',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'host',
	'content-length',
	'expect',
];

/** Passes requests on to the functions behind their paths. */
export class ReverseProxy {
	readonly #routes: Routes;
	readonly #stopping: AbortSignal;
	readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

	/** @param stopping aborted when this instance is told to stop */
	constructor(routes: Routes, stopping: AbortSignal) {
		this.#routes = routes;
		this.#stopping = stopping;
	}

	/** @throws {Problem} 404 for a path of no function, 503 when the function is away */
	async pass(req: Request, res: Response, { pathname, search }: URL): Promise<void> {
		const route = this.#routes.find(pathname);
		if (!route)
			throw new Problem(
				404,
				`There is nothing at ${pathname}. The functions answer below ${this.#routes.prefixes.join(', ')}.`,
			);
		const answer = await this.#forward(req, res, route.url, pathname + search);
		if (!answer) return;
		const headers = without(
			answer.headers,
			hopByHop.filter((name) => name !== 'content-length'),
		);
		res.writeHead(answer.statusCode ?? 502, headers);
		// A stream would go on for minutes: an instance that is told to stop ends it, and the browser connects again, to another.
		const end = (): void => {
			answer.unpipe(res);
			res.end();
		};
		const isStream = answer.headers['content-type']?.startsWith('text/event-stream');
		if (isStream) this.#stopping.addEventListener('abort', end);
		// The caller may leave before the end; that ends the pipeline, and is nobody's fault.
		await pipeline(answer, res).catch(() => res.destroy());
		this.#stopping.removeEventListener('abort', end);
	}

	/** The function's answer, or nothing when there is nobody left to be answered. */
	async #forward(req: Request, res: Response, url: string, path: string): Promise<IncomingMessage | undefined> {
		const send = (): Promise<IncomingMessage | undefined> =>
			this.#send(req, res, url, path).catch((error) => {
				if (!res.closed) throw error;
				return undefined;
			});
		try {
			return await send();
		} catch (error) {
			const { code } = error as { code?: string };
			// A kept connection may have been closed by the other side just then: nothing was handled, so once more (RFC 9110, 9.2.2).
			const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method) && !hasBody(req);
			if (safe || code === 'ECONNREFUSED') return await send().catch((again) => this.#away(again));
			return this.#away(error);
		}
	}

	#away(error: unknown): never {
		throw new Problem(503, 'The function behind this path does not answer at the moment. Try again shortly.', {
			headers: { 'retry-after': '2' },
			cause: new Error(messageOf(error), { cause: error }),
		});
	}

	#send(req: Request, res: Response, url: string, path: string): Promise<IncomingMessage> {
		const { 'content-length': length, 'transfer-encoding': encoding } = req.headers;
		const headers = {
			...without(req.headers, hopByHop),
			...(length === undefined ? {} : { 'content-length': length }),
			...(encoding === undefined ? {} : { 'transfer-encoding': 'chunked' }),
			traceparent: traceparent(),
			'x-forwarded-for': [req.headers['x-forwarded-for'], req.socket.remoteAddress].filter(Boolean).join(', '),
			'x-forwarded-host': req.headers['x-forwarded-host'] ?? req.headers.host ?? '',
		};
		return new Promise((resolve, reject) => {
			const sent = request(url, { path, method: req.method, headers, agent: this.#agent }, resolve);
			sent.on('error', reject);
			// Nothing of the body is taken, and lost, before there is a connection to send it on.
			sent.once('socket', (socket) => {
				if (socket.connecting) socket.once('connect', () => req.pipe(sent));
				else req.pipe(sent);
			});
			// Whoever asked may leave, or have been refused halfway; then the function need not go on.
			res.once('close', () => sent.destroy());
		});
	}
}

const hasBody = ({ headers }: Request): boolean =>
	headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const without = (headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
