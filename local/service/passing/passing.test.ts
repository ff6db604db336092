import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Connections } from '../../../kit/net/connections.ts';
import { openServer } from '../../../kit/net/server.ts';
import { freePort } from '../../free-port.ts';
import { listenOnLoopback, routeByHost } from '../../front.ts';
import { aService, folder, type Given, lives, openGate } from '../../testing.ts';
import { listenFor } from '../activator.ts';

const kit = join(import.meta.dirname, '..', '..', '..', 'kit');

/** A bundle with the kit's own server, which takes connections. It tells the port that each request came to. */
const source = `
import { declare } from '${kit}/declare/declare.ts';
import { serve } from '${kit}/serve/serve.ts';
const { env, pid } = process;
const handle = () => async (req, res) => {
	let size = 0;
	for await (const chunk of req) size += chunk.length;
	if (req.url === '/wait') await fetch(env.GATE + '/wait/' + pid);
	res.end(JSON.stringify({ pid, port: req.socket.localPort, size, for: req.headers['x-forwarded-for'] }));
};
serve(declare({ name: 'thing', purpose: 'Is tried.', role: 'gateway' }), { http: { handle } });
`;

interface Answer {
	readonly status: number;
	readonly pid: number;
	/** The port of the client: it stays the same as long as the connection. */
	readonly from: number | undefined;
	/** Whether the instance answered on a connection that it had got from the activator. */
	readonly direct: boolean;
	readonly size: number;
}

/** Returns a service with an address, and a client that reuses its connections to it. */
async function connected(given: Given & { readonly sockets?: number } = {}) {
	const bundle = join(folder(), 'function.mjs');
	writeFileSync(bundle, source);
	const env = { FUNCTION_TARGET: 'thing', ROUTES: '{}', LOG_LEVEL: 'ERROR', ...given.env };
	const { service } = aService({ ...given, env, bundle });
	const { server, url } = await listenFor(() => service);
	const agent = new Agent({ keepAlive: true, maxSockets: given.sockets ?? 10 });
	onTestFinished(() => {
		agent.destroy();
		server.close();
	});
	const ask = async (path = '/', body = ''): Promise<Answer> => {
		const headers = { 'content-length': body.length };
		const sent = request(`${url}${path}`, { method: body ? 'POST' : 'GET', agent, headers }).end(body);
		const [answer] = (await once(sent, 'response')) as [IncomingMessage];
		const from = answer.socket.localPort;
		const text = (await answer.setEncoding('utf8').toArray()).join('');
		const { pid, port, size } = JSON.parse(text) as { pid: number; port: number; size: number };
		return { status: answer.statusCode ?? 0, pid, from, size, direct: port === Number(new URL(url).port) };
	};
	/** Sends requests until an instance answers one directly, and returns that answer. */
	const hurry = async (): Promise<Answer> => {
		for (;;) {
			const answer = await ask();
			if (answer.direct) return answer;
		}
	};
	return { service, ask, hurry };
}

test('an instance answers the requests of a busy connection without the activator, which counts them', async () => {
	const { service, ask } = await connected();
	const answers: Answer[] = [];
	while (!answers.at(-1)?.direct) answers.push(await ask('/', 'body'.repeat(answers.length)));
	expect(answers.length).toBeGreaterThan(100);
	expect(new Set(answers.map(({ from }) => from)).size).toBe(1);
	expect(answers.map(({ size }) => size)).toEqual(answers.map((_, count) => 4 * count));
	await expect.poll(() => service.requests).toBe(answers.length);
	const count = service.traffic.invocations.samples.find(({ suffix }) => suffix === '_count');
	expect(count?.value).toBe(answers.length);
});

test('a connection returns after a pause, so that the next request comes to the shop, which knows of changes', async () => {
	const { service, ask, hurry } = await connected();
	const busy = await hurry();
	await expect.poll(() => service.processes.ready[0]?.connections).toBe(0);
	const rested = await ask();
	expect([rested.direct, rested.from]).toEqual([false, busy.from]);
});

test('an inspected instance gets no connection, because a paused process would not return it', async () => {
	const { ask } = await connected({ inspected: true });
	for (let count = 0; count < 15; count += 1) expect((await ask()).direct).toBe(false);
});

test('an instance with a request on its own connection is not idle, and a later one wakes the next instance', async () => {
	const gate = await openGate();
	const { service, ask, hurry } = await connected({ idle: 400, env: { GATE: gate.url } });
	await hurry();
	const waiting = ask('/wait');
	const { pid, pass } = await gate.next();
	const other = await connected({ idle: 30 });
	await other.ask();
	await expect.poll(() => other.service.state, { interval: 10 }).toBe('zero');
	expect([service.state, service.processes.pids]).toEqual(['ready', [pid]]);
	pass();
	const before = await waiting;
	expect(before.direct).toBe(true);
	await expect.poll(() => service.state, { interval: 10 }).toBe('zero');
	await expect.poll(() => lives(pid)).toBe(false);
	const after = await ask();
	expect(after.pid).not.toBe(pid);
	expect([after.from, after.direct]).toEqual([before.from, false]);
});

test('loses no request, not even an unsafe one, while instances are replaced', async () => {
	const { service, ask } = await connected({ cores: 2, scale: { concurrency: 2 } });
	const pids = new Set<number>();
	let count = 0;
	let going = true;
	const client = async (): Promise<void> => {
		while (going) {
			const { status, pid, size } = await ask('/', 'x'.repeat((count % 5_000) + 1));
			expect([status, size > 0]).toEqual([200, true]);
			pids.add(pid);
			count += 1;
		}
	};
	const clients = Array.from({ length: 10 }, client);
	for (let replaced = 1; replaced <= 3; replaced += 1) {
		const [before, answered] = [pids.size, count];
		await expect.poll(() => pids.size > before && count > answered + 100).toBe(true);
		service.replace();
	}
	going = false;
	await Promise.all(clients);
	await expect.poll(() => service.requests).toBe(count);
});

test('starts a second instance when requests that the activator does not see reach the target, and shares them', async () => {
	const gate = await openGate();
	const { service, ask, hurry } = await connected({
		cores: 2,
		scale: { concurrency: 1 },
		env: { GATE: gate.url },
		sockets: 2,
	});
	const two = async (): Promise<Answer[]> => {
		const answers = [ask('/wait'), ask('/wait')];
		for (const { pass } of [await gate.next(), await gate.next()]) pass();
		return await Promise.all(answers);
	};
	const from = (answers: Answer[]) => answers.map((answer) => answer.from).sort();
	await hurry();
	// The activator sees one of the two.
	const first = await two();
	await expect.poll(() => service.instances).toBe(2);
	await expect.poll(async () => new Set((await two()).map(({ pid }) => pid)).size).toBe(2);
	expect(from(await two())).toEqual(from(first));
});

test('an instance answers a busy client, and sends its requests for others back to the shop', async () => {
	const gateway = await connected();
	const shelves = await connected();
	const services = new Map([['shelves', shelves.service]]);
	const front = routeByHost(services, gateway.service, async () => 'the metrics');
	const { port, servers } = await listenOnLoopback(front, await freePort());
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	onTestFinished(() => {
		agent.destroy();
		for (const server of servers) server.close();
	});
	const ask = async (path = '/', host = `localhost:${port}`) => {
		const headers = { host, 'x-forwarded-for': '198.51.100.1' };
		const sent = request(`http://127.0.0.1:${port}${path}`, { agent, headers }).end();
		const [answer] = (await once(sent, 'response')) as [IncomingMessage];
		const from = answer.socket.localPort;
		const text = (await answer.setEncoding('utf8').toArray()).join('');
		return { text, from, connection: answer.headers.connection };
	};
	const hurry = async (): Promise<{ pid: number; port: number; for: string }> => {
		for (;;) {
			const answer = JSON.parse((await ask()).text);
			if (answer.port === port) return answer;
		}
	};
	const direct = await hurry();
	const { pid } = direct;
	expect(direct).toMatchObject({ port, for: '127.0.0.1' });
	const other = await ask('/', `shelves.localhost:${port}`);
	expect(JSON.parse(other.text)).toMatchObject({ pid: shelves.service.processes.pids[0], for: '127.0.0.1' });
	expect(other.connection).toBe('close');
	// The shop is asked again on a new connection.
	const after = await ask();
	expect(after.from).not.toBe(other.from);
	expect(JSON.parse(after.text)).toMatchObject({ pid });
	expect(JSON.parse(after.text).port).not.toBe(port);
	await hurry();
	expect((await ask('/metrics')).text).toBe('the metrics');
	expect((await ask('/', 'toys.localhost')).text).toContain('There is no public function');
});

test('a passed connection that is silent for too long is closed', async () => {
	const server = createServer();
	const connections = new Connections(
		openServer(() => {}),
		() => {},
		undefined,
		40,
	);
	server.on('connection', (socket) => connections.receive(socket)).listen(0);
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	const client = connect((server.address() as AddressInfo).port).setEncoding('utf8');
	expect((await client.toArray()).join('')).toContain('408 Request Timeout');
});
