import type { IncomingMessage, ServerResponse } from 'node:http';
import { unansweredOutcome } from '../../kit/data/outcome.ts';
import { messageOf, unavailable } from '../../kit/http/problem.ts';
import { hasBody } from '../../kit/http/request.ts';
import { Admission, type Bounds, type Place } from '../../kit/net/admission.ts';
import { clientNetwork, type Proxies } from '../../kit/net/client-address.ts';
import { endToEnd, sendBack, sendOn } from '../../kit/net/forward.ts';
import { reusing } from '../../kit/net/timing.ts';
import { currentTrace, traceparent } from '../../kit/trace/trace.ts';
import type { Route } from './routes.ts';

/** docs/scaling.md explains these numbers. */
const bounds: Bounds = {
	streams: { all: 512, client: 64 },
	uploads: { all: 256, client: 64 },
	requests: { all: 512, client: 256 },
};

export class ReverseProxy {
	readonly #stopping: AbortSignal;
	/** Without a limit of sockets, because it would be a queue without one. The admission limits the requests. */
	readonly #agent = reusing();
	readonly #admission = new Admission(bounds);
	readonly #proxies: Proxies;

	/**
	 * @param stopping aborted when this instance begins to shut down
	 * @param proxies the trusted proxies in front of the gateway
	 */
	constructor(stopping: AbortSignal, proxies: Proxies) {
		this.#proxies = proxies;
		this.#stopping = stopping;
	}

	/** @throws {Problem} 503 when the function does not answer or too much is running */
	async pass(req: IncomingMessage, res: ServerResponse, route: Route, path: string): Promise<void> {
		const client = clientNetwork(forwardedFor(req), req.socket.remoteAddress ?? '::', this.#proxies);
		const place = await this.#admission.admit(req, res, client);
		try {
			const answer = await this.#forward(req, res, route, path);
			if (answer) await this.#return(answer, req, res, place);
		} finally {
			place.leave();
		}
	}

	async #return(answer: IncomingMessage, req: IncomingMessage, res: ServerResponse, place: Place): Promise<void> {
		const { statusCode = 0, headers } = answer;
		// The platform's own answer, such as queue-proxy's when an instance ends during the request.
		if ([502, 503, 504].includes(statusCode) && !headers['content-type']?.startsWith('application/problem+json')) {
			answer.resume();
			this.#away(req, new Error(`the platform answered ${statusCode}`));
		}
		// A stream stays open for minutes. On shutdown we end it, and the browser reconnects to another instance.
		const end = (): void => {
			answer.unpipe(res);
			res.end();
		};
		if (headers['content-type']?.startsWith('text/event-stream')) {
			try {
				place.becomeStream();
			} catch (error) {
				answer.destroy();
				throw error;
			}
			this.#stopping.addEventListener('abort', end);
		}
		await sendBack(answer, res)
			.catch((error) => this.#away(req, error))
			.finally(() => this.#stopping.removeEventListener('abort', end));
	}

	/** Returns the function's response, or undefined when the client has disconnected. Retries once if that is safe. */
	async #forward(
		req: IncomingMessage,
		res: ServerResponse,
		route: Route,
		path: string,
	): Promise<IncomingMessage | undefined> {
		const send = (): Promise<IncomingMessage | undefined> =>
			this.#send(req, res, route, path).catch((error) => {
				if (!res.closed) throw error;
				return undefined;
			});
		try {
			return await send();
		} catch (error) {
			const { code } = error as { code?: string };
			// The function can close a reused connection just as we send. RFC 9110, 9.2.2 allows retrying a safe request.
			const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method ?? '') && !hasBody(req);
			if (safe || code === 'ECONNREFUSED') return await send().catch((again) => this.#away(req, again));
			return this.#away(req, error);
		}
	}

	#away({ method }: IncomingMessage, error: unknown): never {
		throw unavailable(
			`The function behind this path does not answer at the moment. ${unansweredOutcome(method ?? 'GET', error)}`,
			new Error(messageOf(error), { cause: error }),
		);
	}

	#send(req: IncomingMessage, res: ServerResponse, { to, host }: Route, path: string): Promise<IncomingMessage> {
		const headers = endToEnd(req, {
			host,
			traceparent: traceparent(),
			// It describes the trace of the request, so a new trace must not have it (W3C Trace Context, 3.3 and 4.3).
			...(currentTrace()?.parentId === undefined && { tracestate: undefined }),
			'x-forwarded-for': [forwardedFor(req), req.socket.remoteAddress].filter(Boolean).join(', '),
			'x-forwarded-host': (req.headers['x-forwarded-host'] as string | undefined) ?? req.headers.host ?? '',
		});
		return sendOn(req, res, { ...to, path, headers, agent: this.#agent });
	}
}

const forwardedFor = ({ headers }: IncomingMessage): string | undefined =>
	headers['x-forwarded-for'] as string | undefined;
