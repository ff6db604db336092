import { expect, onTestFinished, test } from 'vitest';
import { breakOff, hostileRequests, sendRaw } from '../../tests/hostile.ts';
import { startBroker } from './broker.ts';
import { brokersOf } from './manifest/manifest.ts';
import { parseObjects } from './manifest/objects.ts';
import { brokerObject, eventHeaders, startSubscriber, toYaml, trigger } from './testing.ts';

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
