import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { messageOf, Problem, unavailable } from '../../kit/http/problem.ts';
import { hasBody, type Request, type Response } from '../../kit/http/request.ts';
import { traceparent } from '../../kit/trace/trace.ts';
import type { Routes } from './routes.ts';

/** Headers that are not forwarded: hop-by-hop headers (RFC 9110, 7.6.1) and those that the agent sets itself. */
const hopByHop = [
	'connection',
	'keep-alive',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'host',
	'expect',
];

export class ReverseProxy {
	readonly #routes: Routes;
	readonly #stopping: AbortSignal;
	readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

	/** @param stopping aborted when this instance begins to shut down */
	constructor(routes: Routes, stopping: AbortSignal) {
		this.#routes = routes;
		this.#stopping = stopping;
	}

	/** @throws {Problem} 404 when no function has the path, 503 when the function does not answer */
	async pass(req: Request, res: Response, { pathname, search }: URL): Promise<void> {
		const route = this.#routes.find(pathname);
		if (!route)
			throw new Problem(
				404,
				`No function has the path ${pathname}. The functions have these paths: ${this.#routes.prefixes.join(', ')}.`,
			);
		const answer = await this.#forward(req, res, route.url, pathname + search);
		if (!answer) return;
		res.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
		// A stream stays open for minutes. On shutdown we end it, and the browser reconnects to another instance.
		const end = (): void => {
			answer.unpipe(res);
			res.end();
		};
		if (answer.headers['content-type']?.startsWith('text/event-stream')) this.#stopping.addEventListener('abort', end);
		// The pipeline fails when the client disconnects early. That is not an error.
		await pipeline(answer, res).catch(() => res.destroy());
		this.#stopping.removeEventListener('abort', end);
	}

	/** Returns the function's response, or undefined when the client has disconnected. Retries once if that is safe. */
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
			// The function can close a reused connection just as we send. RFC 9110, 9.2.2 allows retrying a safe request.
			const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method) && !hasBody(req);
			if (safe || code === 'ECONNREFUSED') return await send().catch((again) => this.#away(again));
			return this.#away(error);
		}
	}

	#away(error: unknown): never {
		throw unavailable(
			'The function behind this path does not answer at the moment. Try again shortly.',
			new Error(messageOf(error), { cause: error }),
		);
	}

	#send(req: Request, res: Response, url: string, path: string): Promise<IncomingMessage> {
		const headers = {
			...endToEnd(req.headers),
			...(req.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
			traceparent: traceparent(),
			'x-forwarded-for': [req.headers['x-forwarded-for'], req.socket.remoteAddress].filter(Boolean).join(', '),
			'x-forwarded-host': req.headers['x-forwarded-host'] ?? req.headers.host ?? '',
		};
		return new Promise((resolve, reject) => {
			const sent = request(url, { path, method: req.method, headers, agent: this.#agent }, resolve);
			sent.on('error', reject);
			// Read the body only once connected: a failed connection then consumes nothing, and the retry can send it.
			sent.once('socket', (socket) => {
				if (socket.connecting) socket.once('connect', () => req.pipe(sent));
				else req.pipe(sent);
			});
			// The client can disconnect, or be refused halfway. The function then need not finish.
			res.once('close', () => sent.destroy());
		});
	}
}

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
