import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import * as z from 'zod';
import type { Vitals } from '../database/vitals.ts';
import { type Listener, openServer } from '../kit/net/server.ts';
import { listenAnywhere } from './free-port.ts';
import type { RecentLines } from './service/recent-lines.ts';
import { readScaling } from './service/scaling/scaling.ts';
import type { Service } from './service/service.ts';

interface Controlled {
	readonly services: ReadonlyMap<string, Service>;
	/** Token of the guarded endpoints; unrelated to the shop's accounts. */
	readonly token: string;
	/** Token of the observer, which can only read lines and change how functions scale. */
	readonly observerToken: string;
	/** Token of the path that kills the broker, the only right of its bearer. */
	readonly brokerToken: string;
	readonly broker: { readonly pid: number | undefined; kill(): Promise<void> };
	readonly lines: RecentLines;
	/** Reads the database's health. Fails when the database does not answer. */
	readonly vitals: () => Promise<Vitals>;
}

/**
 * Starts the control API, the local substitute for the Kubernetes API. It returns the states of the functions (`GET
 * /functions`, for the observer). With the token, a client can set a function's environment (`PUT /functions/<name>/env`) and how it
 * scales (`PUT /functions/<name>/scaling`), list the processes (`GET /processes`), and read the health of the database (`GET /vitals`)
 * and the lines that the processes have printed after the line with a number (`GET /lines?after=0`, or only those of some sources:
 * `&source=books`). The observer has a token of its own, for `scaling` and `/lines`. The path with the broker's token kills the broker.
 */
export async function listenForControl(controlled: Controlled): Promise<{ server: Server; url: string }> {
	const { services, token, observerToken, brokerToken, broker, lines, vitals } = controlled;
	const listener: Listener = async (req, res) => {
		const answer = (status: number, body: unknown): void => {
			res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		};
		const [, name = '', setting] = /^\/functions\/([a-z0-9-]+)\/(env|scaling)$/.exec(req.url ?? '') ?? [];
		const service = services.get(name);
		const [, after, sources] = /^\/lines\?after=(\d+)((?:&source=[a-z0-9-]+)*)$/.exec(req.url ?? '') ?? [];
		const [, kills] = /^\/broker\/([\w-]+)\/kill$/.exec(req.url ?? '') ?? [];
		const observable = after !== undefined || setting === 'scaling';
		// A browser names the website of a script. No website is a client of this API.
		if (req.headers.origin !== undefined || (req.headers['sec-fetch-site'] ?? 'none') !== 'none')
			answer(403, { detail: 'expected no request of a website: send it from a program' });
		else if (req.method === 'GET' && req.url === '/functions')
			answer(200, Object.fromEntries([...services].map(observed)));
		else if (req.method === 'POST' && kills !== undefined && isSame(kills, brokerToken)) {
			await broker.kill();
			res.writeHead(204).end();
		} else if (
			!bears(req.headers.authorization, token) &&
			!(observable && bears(req.headers.authorization, observerToken))
		)
			answer(401, { detail: 'expected the bearer token from the file control-token in the data folder' });
		else if (req.method === 'GET' && req.url === '/processes')
			answer(200, {
				broker: broker.pid,
				functions: Object.fromEntries([...services].map(([key, { processes }]) => [key, processes.pids])),
			});
		else if (req.method === 'GET' && after !== undefined)
			answer(200, lines.after(Number(after), new URLSearchParams(sources).getAll('source')));
		else if (req.method === 'GET' && req.url === '/vitals')
			await vitals().then(
				(read) => answer(200, read),
				(error: Error) => answer(503, { detail: error.message }),
			);
		else if (req.method === 'PUT' && service && setting === 'scaling') {
			const { limits } = service.scaling;
			const read = readScaling(parse(await readBody(req)), limits);
			if ('faults' in read) return answer(422, { faults: read.faults });
			service.scale(read.scaling);
			answer(200, service.scaling);
		} else if (req.method === 'PUT' && service) {
			const environment = readEnvironment(await readBody(req));
			if (!environment)
				return answer(400, { detail: 'expected a JSON object of strings, such as {"LOG_LEVEL": "debug"}' });
			service.setEnvironment(environment);
			answer(200, {});
		} else answer(404, { detail: `no such endpoint: ${req.method} ${req.url}` });
	};
	const server = openServer(listener, { local: true });
	return { server, url: await listenAnywhere(server) };
}

/** The most bytes of a body. */
const limit = 100_000;

/** Returns the body, or an empty text if it is too large. */
async function readBody(req: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of req as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= limit) chunks.push(chunk);
	}
	return size <= limit ? Buffer.concat(chunks).toString() : '';
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Compares in constant time. */
const isSame = (found: string, expected: string): boolean => timingSafeEqual(digest(found), digest(expected));

const bears = (authorization: string | undefined, token: string): boolean =>
	isSame(authorization ?? '', `Bearer ${token}`);

const readEnvironment = (text: string): Record<string, string> | undefined =>
	z.record(z.string(), z.string()).safeParse(parse(text)).data;

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const observed = ([name, { state, instances, requests, processes, traffic, scaling }]: [string, Service]) =>
	[name, { state, instances, requests, ...processes.history, ...traffic.outcomes, scaling }] as const;
