import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { HttpFunction } from '@google-cloud/functions-framework';
import { messageOf, Problem } from '../kit/problem.ts';
import { traceparent } from '../kit/trace.ts';

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

/** Passes requests on to the functions, by the longest route that their path lies below. */
export class ReverseProxy {
	readonly #routes: readonly (readonly [prefix: string, url: string])[];
	readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

	constructor(routes: Readonly<Record<string, string>>) {
		this.#routes = Object.entries(routes).sort(([a], [b]) => b.length - a.length);
	}

	#route(pathname: string): readonly [prefix: string, url: string] | undefined {
		return this.#routes.find(([prefix]) => pathname === prefix || pathname.startsWith(`${prefix}/`));
	}

	/** Whether a path is some function's. */
	knows(pathname: string): boolean {
		return this.#route(pathname) !== undefined;
	}

	/** @throws {Problem} 404 for a path of no function, 503 when the function is away */
	async pass(req: Request, res: Response, { pathname, search }: URL): Promise<void> {
		const route = this.#route(pathname);
		if (!route)
			throw new Problem(
				404,
				`There is nothing at ${pathname}. The functions answer below ${this.#routes
					.map(([prefix]) => prefix)
					.sort()
					.join(', ')}.`,
			);
		const answer = await this.#forward(req, route[1], pathname + search);
		const headers = without(
			answer.headers,
			hopByHop.filter((name) => name !== 'content-length'),
		);
		res.writeHead(answer.statusCode ?? 502, headers);
		// The caller may leave before the end; that ends the pipeline, and is nobody's fault.
		await pipeline(answer, res).catch(() => res.destroy());
	}

	async #forward(req: Request, url: string, path: string): Promise<IncomingMessage> {
		try {
			return await this.#send(req, url, path);
		} catch (error) {
			const { code } = error as { code?: string };
			// A kept connection may have been closed by the other side just then: nothing was handled, so once more (RFC 9110, 9.2.2).
			const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method) || code === 'ECONNREFUSED';
			if (safe && !req.socket.destroyed) return await this.#send(req, url, path).catch((again) => this.#away(again));
			return this.#away(error);
		}
	}

	#away(error: unknown): never {
		throw new Problem(503, 'The function behind this path does not answer at the moment. Try again shortly.', {
			headers: { 'retry-after': '2' },
			cause: new Error(messageOf(error), { cause: error }),
		});
	}

	#send(req: Request, url: string, path: string): Promise<IncomingMessage> {
		// The framework has read the body.
		const body = req.rawBody;
		const headers = {
			...without(req.headers, hopByHop),
			traceparent: traceparent(),
			'x-forwarded-for': [req.headers['x-forwarded-for'], req.socket.remoteAddress].filter(Boolean).join(', '),
			'x-forwarded-host': req.headers['x-forwarded-host'] ?? req.headers.host ?? '',
			...(body ? { 'content-length': body.length } : {}),
		};
		return new Promise((resolve, reject) => {
			const sent = request(url, { path, method: req.method, headers, agent: this.#agent }, resolve);
			sent.once('error', reject);
			sent.end(body);
		});
	}
}

const without = (headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
