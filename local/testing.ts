import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { contract } from '../kit/declare/contract.ts';
import { declare, type Scale, type Target, targetsOf } from '../kit/declare/declare.ts';
import { listenAnywhere } from './free-port.ts';
import type { ServicePlan } from './plan.ts';
import { forward } from './service/activator.ts';
import { Service } from './service/service.ts';

/** Creates a temporary folder, removed after the test. */
export function folder(): string {
	const path = mkdtempSync(join(tmpdir(), 'bodega-local-'));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

/** Starts a server, closed after the test. Returns its URL. */
export async function listening(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	return await listenAnywhere(server);
}

/** An instance that waits at the gate, at its start or during a request. */
export interface Arrival {
	readonly at: string;
	readonly pid: number;
	/** Releases the instance. */
	readonly pass: () => void;
}

/** Opens a gate where instances wait until the test releases them, which makes the order of events deterministic. */
export async function openGate(): Promise<{ url: string; next: () => Promise<Arrival>; count: () => number }> {
	const arrivals: Arrival[] = [];
	const awaited: ((arrival: Arrival) => void)[] = [];
	let count = 0;
	const url = await listening((req, res) => {
		const [, at = '', pid] = (req.url ?? '').split('/');
		const arrival: Arrival = { at, pid: Number(pid), pass: () => void res.end() };
		count += 1;
		const waiting = awaited.shift();
		if (waiting) waiting(arrival);
		else arrivals.push(arrival);
	});
	return {
		url,
		count: () => count,
		next: () =>
			new Promise((resolve) => {
				const arrived = arrivals.shift();
				if (arrived) resolve(arrived);
				else awaited.push(resolve);
			}),
	};
}

/** Returns the source of a bundle that uses a function's start protocol. `code` identifies it in its responses. */
export const source = (code = 'first'): string => `
const http = require('node:http');
const { env, pid } = process;
const gate = (at) => new Promise((resolve) => http.get(env.GATE + '/' + at + '/' + pid, (res) => res.resume().on('end', resolve)));
let stopping = false;
const server = http.createServer(async (req, res) => {
	const tell = () => res.setHeader('connection', stopping ? 'close' : 'keep-alive').end(JSON.stringify({ code: ${JSON.stringify(code)}, pid, word: env.WORD ?? null, host: req.headers.host }));
	if (req.url === '/crash') process.exit(3);
	else if (req.url === '/half') res.write('half', () => process.exit(3));
	else if (req.url === '/wait') await gate('wait').then(tell);
	else if (req.url === '/left') {
		res.on('close', () => gate('left'));
		await gate('wait');
	} else if (req.url === '/stream') {
		res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\\n\\n');
		res.on('close', () => gate('left'));
	} else if (req.url === '/echo') req.pipe(res);
	else if (req.url === '/forwarded') res.end(JSON.stringify({ for: req.headers['x-forwarded-for'] ?? null }));
	else tell();
});
const begin = async () => {
	if (env.GATE_AT_START) await gate('start');
	if (env.DIE) throw new Error('no good');
	server.listen(env.PORT, env.HOST, () => process.send({ port: server.address().port }));
};
if (env.STUBBORN) process.on('SIGTERM', () => {});
else process.once('SIGTERM', () => {
	stopping = true;
	server.close(() => process.exit(0)).closeIdleConnections();
});
process.once('disconnect', () => process.exit(1));
void begin();
`;

export interface Given {
	readonly name?: string;
	readonly signature?: Target['signature'];
	readonly scale?: Partial<Scale>;
	readonly cores?: number;
	readonly idle?: number;
	readonly env?: Readonly<Record<string, string>>;
	readonly bundle?: string;
	readonly patience?: number;
	readonly inspected?: boolean;
}

const api = contract('/api/thing', {});

/** Creates a service with throw-away processes, closed after the test. */
export function aService({ name = 'thing', signature = 'http', ...given }: Given = {}): {
	service: Service;
	plan: ServicePlan;
	bundle: string;
	log: string[];
} {
	const { scale = {}, cores = 4, idle = 60_000, env = {}, bundle = join(folder(), 'function.cjs') } = given;
	const { patience = 60_000, inspected = false } = given;
	if (given.bundle === undefined) writeFileSync(bundle, source());
	const declaration = declare({
		name,
		purpose: 'Is tried.',
		scale,
		api,
		data: true,
		reacts: ['loan.requested'],
	});
	const target = targetsOf(declaration).find((other) => other.signature === signature) as Target;
	const log: string[] = [];
	const plan = { target, env };
	const service = new Service({
		plan,
		program: bundle,
		cores,
		idle,
		patience,
		inspected,
		log: (line) => log.push(line),
	});
	onTestFinished(() => service.close());
	return { service, plan, bundle, log };
}

/** Creates a service with throw-away processes and an address. */
export async function reachable(given: Given = {}): Promise<ReturnType<typeof aService> & { url: string }> {
	const made = aService(given);
	return { ...made, url: await listening((req, res) => void forward(made.service, req, res)) };
}

/** An instance's description of itself. */
export interface Told {
	readonly code: string;
	readonly pid: number;
	readonly word: string | null;
	readonly host: string;
}

export const told = async (url: string): Promise<Told> => (await (await fetch(url)).json()) as Told;

/** Sends a GET request with a custom Host header, which fetch does not allow. */
export async function getAs(host: string, url: string): Promise<{ status: number; json: Record<string, unknown> }> {
	const [answer] = (await once(request(url, { headers: { host } }).end(), 'response')) as [IncomingMessage];
	const text = (await answer.setEncoding('utf8').toArray()).join('');
	return { status: answer.statusCode ?? 0, json: JSON.parse(text) as Record<string, unknown> };
}

export { isAlive as lives } from './running.ts';
