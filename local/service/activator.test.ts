import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startBroker } from '../../eventing/broker/broker.ts';
import gateway from '../../functions/gateway/function.ts';
import * as http from '../../functions/gateway/http.ts';
import { timing } from '../../kit/net/timing.ts';
import { serving } from '../../tests/testing.ts';
import { freePort } from '../free-port.ts';
import { listenOnLoopback } from '../front.ts';
import { aService, folder, getAs, listening, openGate, reachable, told } from '../testing.ts';
import { forward, listenFor } from './activator.ts';
import type { Service } from './service.ts';

const zero = (service: Service) => expect.poll(() => service.state, { interval: 10 }).toBe('zero');

/** Disconnects the client and waits until its request has closed. */
async function leave(asked: ClientRequest): Promise<void> {
	asked.on('error', () => {});
	asked.destroy();
	if (!asked.closed) await new Promise((resolve) => asked.once('close', resolve));
}

test('streams bodies in both directions at the same time', async () => {
	const { url } = await reachable();
	const asked = request(`${url}/echo`, { method: 'POST' });
	asked.write('first');
	const [answer] = (await once(asked, 'response')) as [IncomingMessage];
	const chunks = answer.setEncoding('utf8')[Symbol.asyncIterator]();
	expect((await chunks.next()).value).toBe('first');
	asked.write('second');
	expect((await chunks.next()).value).toBe('second');
	asked.end();
	expect((await chunks.next()).done).toBe(true);
});

test('forwards a large body completely', async () => {
	const { url } = await reachable();
	const body = Buffer.alloc(5_000_000, 'body');
	const answer = await fetch(`${url}/echo`, { method: 'POST', body });
	expect(body.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
});

describe('a client that disconnects', () => {
	test('while the function works closes its request, and the instance can go idle', async () => {
		const gate = await openGate();
		const { url, service } = await reachable({ idle: 30, env: { GATE: gate.url } });
		const asked = request(`${url}/left`).end();
		expect((await gate.next()).at).toBe('wait');
		await leave(asked);
		const left = await gate.next();
		expect(left.at).toBe('left');
		left.pass();
		await zero(service);
	});

	test('during an event stream behind the gateway closes its request, and the instance can go idle', async () => {
		const gate = await openGate();
		const { url, service } = await reachable({ idle: 30, env: { GATE: gate.url } });
		const root = folder();
		mkdirSync(join(root, 'web'));
		writeFileSync(join(root, 'screens.json'), '[]');
		const routes = JSON.stringify({ '/stream': { url, bodyLimit: 0 } });
		const front = await serving(gateway, { http }, { env: { ROUTES: routes, WEB_ROOT: root } });
		const asked = request(`${front.url}/stream`).end();
		const [answer] = (await once(asked, 'response')) as [IncomingMessage];
		expect(String((await once(answer, 'data'))[0])).toBe('data: 1\n\n');
		expect(service.state).toBe('ready');
		await leave(asked);
		const left = await gate.next();
		expect(left.at).toBe('left');
		left.pass();
		await zero(service);
	});

	test('while the instance starts lets the instance go idle', async () => {
		const gate = await openGate();
		const { service } = aService({ idle: 30, env: { GATE: gate.url, GATE_AT_START: '1' } });
		const gone = Promise.withResolvers<void>();
		const url = await listening((req, res) => {
			res.once('close', gone.resolve);
			void forward(service, req, res);
		});
		const asked = request(url).end();
		const { pass } = await gate.next();
		await leave(asked);
		await gone.promise;
		pass();
		await expect.poll(() => service.state, { interval: 1 }).toBe('ready');
		await zero(service);
	});
});

test('forwards the original Host header', async () => {
	const { url } = await reachable();
	expect((await getAs('thing.localhost:3000', url)).json).toMatchObject({ host: 'thing.localhost:3000' });
});

test('listens at an address before its service exists', async () => {
	let service: Service | undefined;
	const { server, url } = await listenFor(() => service);
	const early = await fetch(url);
	expect([early.status, ((await early.json()) as { detail: string }).detail]).toEqual([
		503,
		'The shop is still starting.',
	]);
	({ service } = aService());
	expect((await told(url)).code).toBe('first');
	server.close();
});

test('front, activator and broker close idle connections long after their clients stop reusing them', async () => {
	const { server: activator } = await listenFor(() => undefined);
	const { servers } = await listenOnLoopback({ listener: () => {}, find: () => undefined }, await freePort());
	const all = [activator, ...servers];
	onTestFinished(() => {
		for (const server of all) server.close();
	});
	for (const server of all)
		expect([server.keepAliveTimeout, server.keepAliveTimeout + server.keepAliveTimeoutBuffer]).toEqual([
			timing.reuse,
			timing.idle,
		]);
	expect(timing.idle).toBeGreaterThan(3 * timing.reuse);
	const broker = await startBroker({ manifests: new Map(), host: '127.0.0.1', port: 0, log: () => {} });
	onTestFinished(() => broker.close());
	const answer = await fetch(broker.url);
	await answer.text();
	expect(answer.headers.get('keep-alive')).toBe(`timeout=${timing.reuse / 1000}`);
});
