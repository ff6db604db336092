import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import * as z from 'zod';
import type { Vitals } from '../database/vitals.ts';
import { type Listener, openServer } from '../kit/net/server.ts';
import { listenAnywhere } from './free-port.ts';
import type { RecentLines } from './service/recent-lines.ts';
import type { Service } from './service/service.ts';

interface Controlled {
	readonly services: ReadonlyMap<string, Service>;
	/** Token of the guarded endpoints; unrelated to the shop's accounts. */
	readonly token: string;
	readonly brokerPid: () => number | undefined;
	readonly lines: RecentLines;
	/** Reads the database's health. Fails when the database does not answer. */
	readonly vitals: () => Promise<Vitals>;
}

/**
 * Starts the control API, the local substitute for the Kubernetes API. It returns the states of the functions (`GET
 * /functions`, for info). With the token, a client can set a function's environment (`PUT /functions/<name>/env`), list
 * the processes (`GET /processes`), and read the health of the database (`GET /vitals`) and the lines that the processes
 * have printed after the line with a number (`GET /lines?after=0`).
 */
export async function listenForControl(controlled: Controlled): Promise<{ server: Server; url: string }> {
	const { services, token, brokerPid, lines, vitals } = controlled;
	const listener: Listener = async (req, res) => {
		const answer = (status: number, body: unknown): void => {
			res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		};
		const name = /^\/functions\/([a-z0-9-]+)\/env$/.exec(req.url ?? '')?.[1];
		const after = /^\/lines\?after=(\d+)$/.exec(req.url ?? '')?.[1];
		// A browser names the website of a script. No website is a client of this API.
		if (req.headers.origin !== undefined || (req.headers['sec-fetch-site'] ?? 'none') !== 'none')
			answer(403, { detail: 'expected no request of a website: send it from a program' });
		else if (req.method === 'GET' && req.url === '/functions')
			answer(200, Object.fromEntries([...services].map(observed)));
		else if (!bears(req.headers.authorization, token))
			answer(401, { detail: 'expected the bearer token from the file control-token in the data folder' });
		else if (req.method === 'GET' && req.url === '/processes')
			answer(200, {
				broker: brokerPid(),
				functions: Object.fromEntries([...services].map(([key, { pids }]) => [key, pids])),
			});
		else if (req.method === 'GET' && after !== undefined) answer(200, lines.after(Number(after)));
		else if (req.method === 'GET' && req.url === '/vitals')
			await vitals().then(
				(read) => answer(200, read),
				(error: Error) => answer(503, { detail: error.message }),
			);
		else if (req.method === 'PUT' && name !== undefined && services.has(name)) {
			const environment = readEnvironment(await read(req));
			if (!environment)
				return answer(400, { detail: 'expected a JSON object of strings, such as {"LOG_LEVEL": "debug"}' });
			services.get(name)?.setEnvironment(environment);
			answer(200, {});
		} else answer(404, { detail: `no such endpoint: ${req.method} ${req.url}` });
	};
	const server = openServer(listener, { local: true });
	return { server, url: await listenAnywhere(server) };
}

/** The most bytes of an environment. */
const limit = 100_000;

/** Returns the body, or an empty text if it is too large. */
async function read(req: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of req as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= limit) chunks.push(chunk);
	}
	return size <= limit ? Buffer.concat(chunks).toString() : '';
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
