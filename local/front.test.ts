import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from './free-port.ts';
import { type Front, listenOnLoopback, routeByHost } from './front.ts';
import { aService, getAs, listening } from './testing.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
	addresses?.some(({ address }) => address === '::1'),
);

async function open(
	listener: RequestListener,
	wished: number,
	find: Front['find'] = () => undefined,
): Promise<{ servers: Server[]; port: number }> {
	const front = await listenOnLoopback({ listener, find }, wished);
	onTestFinished(() => {
		for (const server of front.servers) server.close();
	});
	return front;
}

async function occupy(host: string): Promise<number> {
	const server = createServer().listen(0, host);
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	return (server.address() as AddressInfo).port;
}

test('routes by host, and gives no public host to functions that react to events', async () => {
	const gateway = aService({ name: 'gateway', env: { WORD: 'gateway' } }).service;
	const shelves = aService({ name: 'shelves', env: { WORD: 'shelves' } }).service;
	const events = aService({ name: 'shelves', signature: 'cloudevent', env: { WORD: 'events' } }).service;
	expect(events.name).toBe('shelves-events');
	const services = new Map([gateway, shelves, events].map((service) => [service.name, service]));
	const url = await listening(routeByHost(services, gateway, async () => '').listener);
	for (const [host, word] of [
		['shelves.localhost:3000', 'shelves'],
		['shelves.localhost', 'shelves'],
		['localhost:3000', 'gateway'],
		['127.0.0.1:3000', 'gateway'],
		['gateway.localhost:3000', 'gateway'],
		['Shelves.LOCALHOST.:3000', 'shelves'],
		['[::1]:3000', 'gateway'],
	] as const)
		expect([host, (await getAs(host, url)).json['word']]).toEqual([host, word]);
	for (const name of ['shelves-events', 'toys']) {
		const { status, json } = await getAs(`${name}.localhost:3000`, url);
		expect([status, json['detail']]).toEqual([404, `There is no public function "${name}".`]);
	}
	expect(events.requests).toBe(0);
});

test('replaces forged entries of X-Forwarded-For by the client’s address', async () => {
	const gateway = aService({ name: 'gateway' }).service;
	const shelves = aService({ name: 'shelves' }).service;
	const services = new Map([gateway, shelves].map((service) => [service.name, service]));
	const url = await listening(routeByHost(services, gateway, async () => '').listener);
	for (const host of ['localhost', 'shelves.localhost'])
		for (const forged of [
			{},
			{ 'x-forwarded-for': '198.51.100.1' },
			{ 'x-forwarded-for': ['198.51.100.1', '10.0.0.1'] },
		]) {
			const sent = request(`${url}/forwarded`, { headers: { host, ...forged } }).end();
			const [answer] = (await once(sent, 'response')) as [IncomingMessage];
			expect(JSON.parse((await answer.setEncoding('utf8').toArray()).join(''))).toEqual({ for: '127.0.0.1' });
		}
});

test('listens on both loopback addresses', async () => {
	const { port, servers } = await open((_req, res) => void res.end('here'), await freePort());
	expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('here');
	expect(servers).toHaveLength(hasIPv6 ? 2 : 1);
	if (hasIPv6) expect(await (await fetch(`http://[::1]:${port}`)).text()).toBe('here');
});

test.each(['127.0.0.1', ...(hasIPv6 ? ['::1'] : [])])(
	'uses the next port when the preferred one is in use on %s',
	async (host) => {
		const taken = await occupy(host);
		const { port } = await open((_req, res) => void res.end('here'), taken);
		expect(port).toBeGreaterThan(taken);
		expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('here');
	},
);
