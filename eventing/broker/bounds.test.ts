import { expect, onTestFinished, test } from 'vitest';
import { breakOff, hostileRequests, sendRaw } from '../../tests/hostile.ts';
import { startBroker } from './broker.ts';
import { brokersOf } from './manifest/manifest.ts';
import { parseObjects } from './manifest/objects.ts';
import { brokerObject, eventHeaders, publishTo, serve, startSubscriber, toYaml, trigger } from './testing.ts';

async function serveBroker(uri: string): Promise<{ url: string; port: number }> {
	const manifests = brokersOf(parseObjects('test', toYaml(brokerObject(), trigger('one', uri))));
	const broker = await startBroker({ manifests, port: 0, bounds: { memory: 1_200 }, log: () => {} });
	onTestFinished(() => broker.close(0));
	const [name = ''] = broker.brokers.keys();
	return { url: `${broker.url}/${name}`, port: Number(new URL(broker.url).port) };
}

const publish = (url: string, bytes: number): Promise<Response> =>
	fetch(url, { method: 'POST', headers: eventHeaders, body: '"'.padEnd(bytes - 1, 'x').concat('"') });

test('an event without room in memory gets 503 with Retry-After, until another is delivered', async () => {
	let finish = (): void => {};
	const subscriber = await startSubscriber({
		'/': (response, n) => {
			finish = () => void response.end();
			if (n > 1) finish();
		},
	});
	const { url } = await serveBroker(subscriber.url);
	const first = publish(url, 600);
	await subscriber.until('/', 1);
	const second = await publish(url, 600);
	expect([second.status, second.headers.get('retry-after')]).toEqual([503, '2']);
	finish();
	expect((await first).status).toBe(202);
	expect((await publish(url, 600)).status).toBe(202);
});

test('answers hostile requests and goes on, and serves no foreign host on a loopback address', async () => {
	const { url, port } = await serveBroker('http://127.0.0.1:1');
	for (const bytes of Object.values(hostileRequests('localhost', new URL(url).pathname))) {
		await sendRaw(port, bytes);
		await breakOff(port, bytes.slice(0, bytes.length / 2));
		await breakOff(port, bytes);
	}
	expect((await fetch(url, { method: 'OPTIONS' })).status).toBe(200);
	const foreign = await sendRaw(port, 'OPTIONS / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
	expect(foreign.slice(0, 12)).toBe('HTTP/1.1 421');
});

test('a trigger with too many deliveries gets no further events, and other triggers go on', async () => {
	const finish: (() => void)[] = [];
	const subscriber = await startSubscriber({ '/hangs': (response) => void finish.push(() => response.end()) });
	const only = (type: string) => ({ filter: { attributes: { type } } });
	const triggers = [
		trigger('hangs', `${subscriber.url}/hangs`, only('slow')),
		trigger('works', `${subscriber.url}/works`, only('fast')),
	];
	const { shop } = await serve(triggers, brokerObject(), { deliveries: 2 });
	const slow = [1, 2].map(() => publishTo(shop, { 'ce-type': 'slow' }));
	await subscriber.until('/hangs', 2);
	const refused = await publishTo(shop, { 'ce-type': 'slow' });
	expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
	expect((await publishTo(shop, { 'ce-type': 'fast' })).status).toBe(202);
	for (const end of finish) end();
	expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([202, 202]);
});

test('answers 503 to thousands of events behind a subscriber that hangs, and holds only those that it may', async () => {
	const subscriber = await startSubscriber({ '/': () => {} });
	const { shop, log } = await serve([trigger('hangs', subscriber.url)], brokerObject(), { events: 20 });
	const publisher = new AbortController();
	const held = Array.from({ length: 20 }, () =>
		fetch(shop, { method: 'POST', headers: eventHeaders, signal: publisher.signal }).catch(() => {}),
	);
	await subscriber.until('/', 20);
	for (let round = 0; round < 10; round++) {
		const answers = await Promise.all(Array.from({ length: 100 }, () => publishTo(shop)));
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
	}
	expect(subscriber.at('/')).toHaveLength(20);
	expect(log.length).toBeLessThan(100);
	expect(log[0]).toMatchObject({ severity: 'WARNING', message: 'rejected events: there are too many in delivery' });
	publisher.abort();
	await Promise.all(held);
	await expect.poll(() => log.filter(({ message }) => message === 'deliveries aborted')).toHaveLength(20);
	const after = publishTo(shop);
	await subscriber.until('/', 21);
	void after.catch(() => {});
});

test('counts headers as memory', async () => {
	const subscriber = await startSubscriber();
	const { shop } = await serve([trigger('one', subscriber.url)], brokerObject(), { memory: 5_000 });
	expect((await publishTo(shop, { 'ce-long': 'x'.repeat(6_000) })).status).toBe(503);
	expect((await publishTo(shop)).status).toBe(202);
});

test('reads no response of a subscriber beyond its limit', async () => {
	const chunk = Buffer.alloc(1024 * 1024);
	let sent = 0;
	const subscriber = await startSubscriber({
		'/': (response) => {
			const write = (): void => {
				if (response.destroyed) return;
				sent += 1;
				if (response.write(chunk)) setImmediate(write);
				else response.once('drain', write);
			};
			write();
		},
	});
	const { shop, log } = await serve([trigger('endless', subscriber.url)]);
	expect((await publishTo(shop)).status).toBe(500);
	expect(log[0]?.error).toMatch(/the response broke off: it has more than 67108864 bytes/);
	expect(sent).toBeLessThan(200);
});
