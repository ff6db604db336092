import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { tracing } from '../../kit/declare/config.ts';
import { type Listener, openServer } from '../../kit/net/server.ts';
import { startTimer } from '../../kit/process/timer.ts';
import { TracesData } from '../../kit/trace/traces-data.ts';
import { listenAnywhere } from '../free-port.ts';
import { Traces } from './traces.ts';

/** The most bytes of a batch of spans. */
const limit = 16_000_000;
/** The longest recording, in minutes. */
const longest = 60;

interface Recorder {
	readonly server: Server;
	/** The environment of the function that shows the recorded spans. */
	readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a collector of spans for a shop that sends them nowhere (OTLP/HTTP). It costs nothing until an admin starts a recording:
 * only then do the functions run with its endpoint in their environment, which `set` replaces.
 *
 * The endpoint has a secret path, which only functions know. With the token, a client can read the recording (`GET /recording`),
 * start it (`PUT /recording?minutes=10`), end it (`DELETE /recording`), and read the spans of a trace (`GET /traces/<id>`).
 */
export async function listenForSpans(set: (env: Readonly<Record<string, string>>) => void): Promise<Recorder> {
	const [secret, token] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')];
	const traces = new Traces();
	let until: number | undefined;
	let stop = (): void => {};
	const end = (): void => {
		stop();
		if (until !== undefined) set({});
		until = undefined;
	};
	const record = (minutes: number): void => {
		stop();
		// The functions of a recording that is prolonged run with the endpoint already.
		if (until === undefined) set({ [tracing]: `${url}/${secret}` });
		until = Date.now() + minutes * 60_000;
		stop = startTimer(minutes * 60_000, end);
	};
	const listener: Listener = async (req, res) => {
		const answer = (status: number, body: unknown): void => {
			res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		};
		const { method, url: path = '' } = req;
		if (method === 'POST' && isSame(path, `/${secret}/v1/traces`)) {
			const text = await read(req);
			const parsed = TracesData.safeParse(text === undefined ? undefined : parse(text));
			if (parsed.success && text !== undefined) traces.add(parsed.data, text.length);
			return answer(parsed.success ? 200 : 400, {});
		}
		if (!isSame(req.headers.authorization ?? '', `Bearer ${token}`))
			return answer(401, { detail: 'expected the token' });
		const minutes = Number(/^\/recording\?minutes=(\d{1,2})$/.exec(path)?.[1]);
		const trace = /^\/traces\/([0-9a-f]{32})$/.exec(path)?.[1];
		if (method === 'PUT' && minutes >= 1 && minutes <= longest) record(minutes);
		else if (method === 'DELETE' && path === '/recording') end();
		else if (method === 'GET' && trace) return answer(200, traces.find(trace));
		else if (method !== 'GET' || path !== '/recording')
			return answer(404, { detail: `no such endpoint: ${method} ${path}` });
		answer(200, { until: until === undefined ? null : new Date(until).toISOString() });
	};
	const server = openServer(listener, { local: true });
	const url = await listenAnywhere(server);
	server.on('close', () => stop());
	return { server, env: { RECORDER_URL: url, RECORDER_TOKEN: token } };
}

/** Returns the body, or undefined if it is too large. */
async function read(req: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of req as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= limit) chunks.push(chunk);
	}
	return size <= limit ? Buffer.concat(chunks).toString() : undefined;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Compares secrets in constant time. */
const isSame = (found: string, expected: string): boolean => timingSafeEqual(digest(found), digest(expected));
