import { hash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { listenAnywhere } from './free-port.ts';
import type { Service } from './service/service.ts';

interface Controlled {
	readonly services: ReadonlyMap<string, Service>;
	/** Token of the guarded endpoints; unrelated to the shop's accounts. */
	readonly token: string;
	readonly brokerPid: () => number | undefined;
}

/**
 * Starts the control API, the local substitute for the Kubernetes API. It returns the states of the functions (`GET
 * /functions`, for info). With the token, a client can set a function's environment (`PUT /functions/<name>/env`) and
 * list the processes (`GET /processes`).
 */
export async function listenForControl(controlled: Controlled): Promise<{ server: Server; url: string }> {
	const { services, token, brokerPid } = controlled;
	const server = createServer(async (req, res) => {
		const answer = (status: number, body: unknown): void => {
			res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		};
		const name = /^\/functions\/([a-z0-9-]+)\/env$/.exec(req.url ?? '')?.[1];
		if (req.method === 'GET' && req.url === '/functions') answer(200, Object.fromEntries([...services].map(observed)));
		else if (!bears(req.headers.authorization, token))
			answer(401, { detail: 'expected the bearer token from the file control-token in the data folder' });
		else if (req.method === 'GET' && req.url === '/processes')
			answer(200, {
				broker: brokerPid(),
				functions: Object.fromEntries([...services].map(([key, { pids }]) => [key, pids])),
			});
		else if (req.method === 'PUT' && name !== undefined && services.has(name)) {
			const environment = readEnvironment(await text(req));
			if (!environment)
				return answer(400, { detail: 'expected a JSON object of strings, such as {"LOG_LEVEL": "debug"}' });
			services.get(name)?.setEnvironment(environment);
			answer(200, {});
		} else answer(404, { detail: `no such endpoint: ${req.method} ${req.url}` });
	});
	return { server, url: await listenAnywhere(server) };
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Compares the token in constant time. */
const bears = (authorization: string | undefined, token: string): boolean =>
	timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));

function readEnvironment(text: string): Record<string, string> | undefined {
	try {
		return z.record(z.string(), z.string()).parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}

const observed = ([name, { state, instances, requests, history }]: [string, Service]) =>
	[name, { state, instances, requests, ...history }] as const;
