import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startBroker } from './broker.ts';
import {
	answering,
	type Behaviour,
	brokerObject,
	eventHeaders,
	publishTo,
	replying,
	serve,
	startSubscriber,
	trigger,
} from './testing.ts';

/** A delivery with this many attempts and no waits between them. */
const attempts = (count: number, deadLetterSink?: string) => ({
	retry: count - 1,
	...(deadLetterSink === undefined ? {} : { deadLetterSink: { uri: deadLetterSink } }),
});
const ofType = (type: string) => ({ filter: { attributes: { type } } });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const breakingOff = (response: ServerResponse): void => {
	response.writeHead(200, { 'content-length': '10' }).write('x', () => response.destroy());
};

/** Leaves requests unanswered until `finish` is called. */
function held(): { finish(): void; behaviour: Behaviour } {
	const responses: ServerResponse[] = [];
	return {
		finish: () => responses.forEach((response) => void response.end()),
		behaviour: (response) => void responses.push(response),
	};
}

describe('the ingress', () => {
	test.each([
		['OPTIONS', '/default/shop', 200],
		['OPTIONS', '/', 200],
		['GET', '/default/shop', 405],
		['PUT', '/', 405],
		['DELETE', '/default/shop', 405],
	])('answers %s %s with %d and the allowed methods', async (method, path, status) => {
		const { url } = await serve([]);
		const response = await fetch(url + path, { method });
		expect(response.status).toBe(status);
		expect(response.headers.get('allow')).toBe('POST, OPTIONS');
		expect(response.headers.get('webhook-allowed-origin')).toBe(method === 'OPTIONS' ? '*' : null);
		expect(response.headers.get('webhook-allowed-rate')).toBe(method === 'OPTIONS' ? '*' : null);
	});

	test.each([
		['/', 404],
		['/default', 400],
		['/default/shop/more', 400],
		['/default/other', 404],
		['/other/shop', 404],
		['/default/shop?x=1', 404],
		['/default/shop', 202],
		['/default/shop/', 202],
	])('answers an event at %s with %d and an empty body', async (path, status) => {
		const { url } = await serve([]);
		const answer = await publishTo(url + path);
		expect(answer).toMatchObject({ status, body: '' });
		expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
	});

	test('answers 400 to an invalid event before it looks up the broker', async () => {
		const { url, shop, log } = await serve([]);
		expect((await publishTo(shop, { 'ce-specversion': undefined })).status).toBe(400);
		expect((await publishTo(`${url}/default/other`, { 'ce-id': undefined })).status).toBe(400);
		expect(log.map(({ error }) => error)).toEqual([
			expect.stringContaining('ce-specversion'),
			expect.stringContaining('id is missing'),
		]);
	});

	test('answers 413 to a body of more than 64 MiB', async () => {
		const { shop } = await serve([]);
		expect((await publishTo(shop, {}, 'x'.repeat(64 * 1024 * 1024 + 1))).status).toBe(413);
	});

	test("accepts headers beyond Node's default limit of 16 KiB", async () => {
		const subscriber = await startSubscriber();
		const { shop } = await serve([trigger('a', subscriber.url)]);
		const long = 'x'.repeat(40_000);
		const { port, pathname: path } = new URL(shop);
		const sent = request({ port, path, method: 'POST', headers: { ...eventHeaders, 'ce-long': long } }).end();
		const [response] = await once(sent, 'response');
		expect(response.statusCode).not.toBe(431);
	});

	test.each([
		[undefined, 202, '255'],
		['none', 202, '255'],
		['5', 202, '4'],
		['2', 202, '1'],
		['1', 400, undefined],
		['0', 400, undefined],
		['-7', 400, undefined],
	])('answers knativebrokerttl %s with %d and forwards %s', async (ttl, status, left) => {
		const subscriber = await startSubscriber({ '/': answering(400) });
		const { shop } = await serve([trigger('a', subscriber.url, { delivery: attempts(1, `${subscriber.url}/dead`) })]);
		expect((await publishTo(shop, { 'ce-knativebrokerttl': ttl })).status).toBe(status);
		expect(subscriber.at('/')[0]?.headers['ce-knativebrokerttl']).toBeUndefined();
		expect(subscriber.at('/dead')[0]?.headers['ce-knativebrokerttl']).toBe(left);
	});
});

describe('a delivery', () => {
	test('carries the event in binary mode and only the request headers that Knative forwards', async () => {
		const subscriber = await startSubscriber();
		const { shop } = await serve([trigger('a', `${subscriber.url}/shelves?x=y`)]);
		const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
		const handedOn = {
			traceparent: trace,
			tracestate: 'a=b',
			'x-request-id': 'r',
			'x-b3-traceid': 'b',
			'knative-x': 'k',
		};
		const { status } = await publishTo(shop, { ...handedOn, 'ce-myext': 'v', authorization: 'secret' });
		expect(status).toBe(202);
		const [received] = subscriber.at('/shelves?x=y');
		const { host, connection, 'ce-knativearrivaltime': arrival, ...headers } = received?.headers ?? {};
		expect(headers).toEqual({
			...eventHeaders,
			...handedOn,
			'ce-myext': 'v',
			prefer: 'reply',
			'kn-namespace': 'default',
			'content-length': '7',
		});
		expect(new Date(String(arrival)).getTime()).not.toBeNaN();
		expect(received?.body).toBe('{"a":1}');
	});

	test('of a structured event is in binary mode too, with unchanged data', async () => {
		const subscriber = await startSubscriber();
		const { shop } = await serve([trigger('a', subscriber.url)]);
		const json = '{"specversion":"1.0","id":"1","source":"/s","type":"t","n":5,"data":{"price": 1.50}}';
		await publishTo(shop, { 'content-type': 'application/cloudevents+json' }, json);
		const [received] = subscriber.at('/');
		expect(received?.headers).toMatchObject({ 'ce-id': '1', 'ce-type': 't', 'ce-n': '5' });
		expect(received?.headers['content-type']).toBeUndefined();
		expect(received?.body).toBe('{"price": 1.50}');
	});

	test('goes to every matching trigger of this broker only', async () => {
		const subscriber = await startSubscriber();
		const { shop } = await serve([
			trigger('a', `${subscriber.url}/a`, ofType('placed')),
			trigger('b', `${subscriber.url}/b`),
			trigger('c', `${subscriber.url}/c`, ofType('paid')),
			trigger('d', `${subscriber.url}/d`, { filters: [{ prefix: { type: 'pl' } }], ...ofType('paid') }),
		]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(['/a', '/b', '/c', '/d'].map((path) => subscriber.at(path).length)).toEqual([1, 1, 0, 1]);
	});

	test.each([200, 201, 202, 204, 299])('succeeds after %d', async (status) => {
		const subscriber = await startSubscriber({ '/': answering(status) });
		const { shop } = await serve([trigger('a', subscriber.url, { delivery: attempts(3) })]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/')).toHaveLength(1);
	});

	test.each([404, 408, 409, 429, 500, 502, 503, 599])('is retried after %d', async (status) => {
		const subscriber = await startSubscriber({ '/': answering(status) });
		const { shop, log } = await serve([trigger('a', subscriber.url, { delivery: attempts(3) })]);
		expect((await publishTo(shop)).status).toBe(500);
		expect(subscriber.at('/')).toHaveLength(3);
		expect(log.map(({ attempt, status, retryInMs }) => ({ attempt, status, retryInMs }))).toEqual([
			{ attempt: 1, status, retryInMs: 0 },
			{ attempt: 2, status, retryInMs: 0 },
			{ attempt: 3, status },
			{},
		]);
	});

	test.each([300, 302, 304, 400, 401, 403, 405, 410, 413, 422])('fails after %d without a retry', async (status) => {
		const subscriber = await startSubscriber({ '/': answering(status) });
		const { shop } = await serve([trigger('a', subscriber.url, { delivery: attempts(3) })]);
		expect((await publishTo(shop)).status).toBe(500);
		expect(subscriber.at('/')).toHaveLength(1);
	});

	test('stops after the first success', async () => {
		const subscriber = await startSubscriber({ '/': (response, n) => response.writeHead(n < 3 ? 503 : 200).end() });
		const { shop } = await serve([trigger('a', subscriber.url, { delivery: attempts(10) })]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/')).toHaveLength(3);
	});

	test.each([
		['linear', [0, 100, 200]],
		['exponential', [100, 200, 400]],
	])('waits by the %s policy and ignores Retry-After', async (backoffPolicy, waits) => {
		const subscriber = await startSubscriber({ '/': answering(503, '', { 'retry-after': '60' }) });
		const delivery = { retry: 3, backoffPolicy, backoffDelay: 'PT0.1S' };
		const { shop, log } = await serve([trigger('a', subscriber.url, { delivery })]);
		await publishTo(shop);
		expect(log.map(({ retryInMs }) => retryInMs)).toEqual([...waits, undefined, undefined]);
	});

	test('that times out is aborted and retried', async () => {
		const aborted: unknown[] = [];
		const subscriber = await startSubscriber({
			'/': (response, n) => (n === 2 ? response.end() : response.on('close', () => aborted.push(n))),
		});
		const { shop, log } = await serve([trigger('a', subscriber.url, { delivery: { retry: 1, timeout: 'PT0.1S' } })]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(aborted).toEqual([1]);
		expect(log).toEqual([expect.objectContaining({ attempt: 1, attempts: 2, error: 'no response within 100 ms' })]);
	});

	test('whose response breaks off is retried', async () => {
		const subscriber = await startSubscriber({
			'/': (response, n) => {
				if (n === 1) breakingOff(response);
				else response.end();
			},
		});
		const { shop } = await serve([trigger('a', subscriber.url, { delivery: attempts(2) })]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/')).toHaveLength(2);
	});

	test('is sent again without a failed attempt when its server has just closed the reused connection', async () => {
		const seen: number[] = [];
		const server = createServer((request, response) => {
			seen.push(request.socket.remotePort ?? 0);
			request.resume();
			// The second request on a connection gets no response, as if it had crossed with the closing.
			if (seen.filter((port) => port === request.socket.remotePort).length > 1) request.socket.destroy();
			else response.end();
		});
		await once(server.listen(0, '127.0.0.1'), 'listening');
		onTestFinished(() => void server.close());
		const { port } = server.address() as AddressInfo;
		const { shop, log } = await serve([trigger('a', `http://127.0.0.1:${port}/`)]);
		for (let n = 0; n < 4; n++) expect((await publishTo(shop)).status).toBe(202);
		expect(new Set(seen).size).toBeGreaterThan(1);
		expect(log).toEqual([]);
	});

	test('carries the credentials of its URL, which no log and no dead letter shows', async () => {
		const subscriber = await startSubscriber({ '/a': answering(500) });
		const url = subscriber.url.replace('http://', 'http://ann:s%40cret@');
		const gone = 'http://ann:s%40cret@127.0.0.1:1/';
		const { shop, log } = await serve([
			trigger('a', `${url}/a`, { delivery: attempts(1, `${url}/dead`) }),
			trigger('b', gone, { delivery: attempts(1, `${url}/dead`) }),
		]);
		expect((await publishTo(shop)).status).toBe(202);
		const authorization = `Basic ${base64('ann:s@cret')}`;
		const received = [...subscriber.at('/a'), ...subscriber.at('/dead')];
		expect(received.map(({ headers }) => headers.authorization)).toEqual([authorization, authorization, authorization]);
		const destinations = subscriber.at('/dead').map(({ headers }) => headers['ce-knativeerrordest']);
		expect(destinations.sort()).toEqual(['http://ann:***@127.0.0.1:1/', `${url.replace('s%40cret', '***')}/a`].sort());
		const shown = JSON.stringify([
			log,
			subscriber.at('/dead').map(({ headers }) => ({ ...headers, authorization: '' })),
		]);
		expect(shown).not.toMatch(/s%40cret|s@cret/);
		expect(
			Buffer.from(
				subscriber
					.at('/dead')
					.map(({ headers }) => headers['ce-knativeerrordata'])
					.join(),
				'base64',
			).toString(),
		).not.toContain('cret');
	});

	test.each(['PT1S', 'P30D', 'P60D'])('with a timeout of %s is not cut off early', async (timeout) => {
		const subscriber = await startSubscriber({ '/': (response) => void setTimeout(() => response.end(), 50) });
		const { shop } = await serve([trigger('a', subscriber.url, { delivery: { timeout } })]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/')).toHaveLength(1);
	});

	test('sends the event again to the target of a 307 redirect', async () => {
		const subscriber = await startSubscriber({ '/': answering(307, '', { location: '/moved' }) });
		const { shop } = await serve([trigger('a', subscriber.url)]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/moved')).toEqual([expect.objectContaining({ body: '{"a":1}' })]);
	});

	test('that fails does not stop the other deliveries', async () => {
		const subscriber = await startSubscriber({ '/a': answering(400) });
		const { shop } = await serve([trigger('a', `${subscriber.url}/a`), trigger('b', `${subscriber.url}/b`)]);
		expect((await publishTo(shop)).status).toBe(500);
		expect(subscriber.at('/b')).toHaveLength(1);
	});

	test("delays the publisher's response until it has ended", async () => {
		const { finish, behaviour } = held();
		const subscriber = await startSubscriber({ '/': behaviour });
		const { shop } = await serve([trigger('slow', subscriber.url), trigger('fast', `${subscriber.url}/fast`)]);
		let answered = false;
		const answer = publishTo(shop).then(({ status }) => {
			answered = true;
			return status;
		});
		await subscriber.until('/', 1);
		await subscriber.until('/fast', 1);
		expect(answered).toBe(false);
		finish();
		expect(await answer).toBe(202);
	});

	test('is aborted without a dead letter when the publisher disconnects', async () => {
		const subscriber = await startSubscriber({ '/': () => {} });
		const delivery = attempts(3, `${subscriber.url}/dead`);
		const { shop, log, close } = await serve([trigger('a', subscriber.url, { delivery })]);
		const publisher = new AbortController();
		const sent = fetch(shop, { method: 'POST', headers: eventHeaders, signal: publisher.signal });
		await subscriber.until('/', 1);
		publisher.abort();
		await expect(sent).rejects.toThrow();
		await expect.poll(() => log).toEqual([expect.objectContaining({ message: 'deliveries aborted' })]);
		await close();
		expect(subscriber.at('/')).toHaveLength(1);
		expect(subscriber.at('/dead')).toHaveLength(0);
	});
});

describe('a dead letter', () => {
	test('carries the event and its failure, and makes the publication a success', async () => {
		const subscriber = await startSubscriber({ '/a': answering(500, 'no stock'), '/dead': answering(200, 'thanks') });
		const url = `${subscriber.url}/a`;
		const { shop, log } = await serve([trigger('a', url, { delivery: attempts(2, `${subscriber.url}/dead`) })]);
		expect((await publishTo(shop, { 'ce-myext': 'v', 'x-request-id': 'r' })).status).toBe(202);
		expect(subscriber.at('/dead')).toHaveLength(1);
		const [dead] = subscriber.at('/dead');
		expect(dead?.headers).toMatchObject({
			...eventHeaders,
			'ce-myext': 'v',
			'ce-knativeerrordest': url,
			'ce-knativeerrorcode': '500',
			'ce-knativeerrordata': base64('no stock'),
			'ce-knativebrokerttl': '255',
			'x-request-id': 'r',
			'kn-namespace': 'default',
		});
		expect(dead?.headers.prefer).toBeUndefined();
		expect(dead?.headers['ce-knativearrivaltime']).toBe(subscriber.at('/a')[0]?.headers['ce-knativearrivaltime']);
		expect(dead?.body).toBe('{"a":1}');
		expect(log.at(-1)).toMatchObject({ severity: 'ERROR', message: 'event dead-lettered', trigger: 'default/a' });
	});

	test.each<[string, string | undefined]>([
		['x'.repeat(766), base64('x'.repeat(766)).slice(0, 1024)],
		['x'.repeat(5000), base64('x'.repeat(5000)).slice(0, 1024)],
		['', ''],
	])('quotes the response, up to 1024 characters of base64', async (body, data) => {
		const subscriber = await startSubscriber({ '/a': answering(400, body) });
		const delivery = attempts(1, `${subscriber.url}/dead`);
		const { shop } = await serve([trigger('a', `${subscriber.url}/a`, { delivery })]);
		await publishTo(shop);
		expect(subscriber.at('/dead')[0]?.headers['ce-knativeerrordata']).toBe(data);
	});

	test('of an unreachable subscriber has code 500 and the connection error', async () => {
		const gone = await startBroker({ manifests: new Map(), port: 0 });
		await gone.close();
		const sink = await startSubscriber();
		const { shop } = await serve([trigger('a', gone.url, { delivery: attempts(2, sink.url) })]);
		expect((await publishTo(shop)).status).toBe(202);
		const headers = sink.at('/')[0]?.headers;
		expect(headers).toMatchObject({ 'ce-knativeerrordest': gone.url, 'ce-knativeerrorcode': '500' });
		const data = Buffer.from(String(headers?.['ce-knativeerrordata']), 'base64').toString();
		expect(data).toMatch(/^dispatch error: Post "http:.*ECONNREFUSED/);
	});

	test.each([
		['a timeout', () => {}, { timeout: 'PT0.1S' }],
		['a response that is not an event', answering(200, 'hello'), {}],
		['a response that breaks off', breakingOff, {}],
	])("after %s carries no error details, as in Knative's broker", async (_, behaviour, spec) => {
		const subscriber = await startSubscriber({ '/a': behaviour });
		const delivery = { ...attempts(1, `${subscriber.url}/dead`), ...spec };
		const { shop } = await serve([trigger('a', `${subscriber.url}/a`, { delivery })]);
		expect((await publishTo(shop)).status).toBe(202);
		const names = Object.keys(subscriber.at('/dead')[0]?.headers ?? {});
		expect(names.filter((name) => name.startsWith('ce-knative')).sort()).toEqual([
			'ce-knativearrivaltime',
			'ce-knativebrokerttl',
		]);
	});

	test('that is published and fails again keeps its first error details', async () => {
		const subscriber = await startSubscriber({ '/a': answering(400) });
		const delivery = attempts(1, `${subscriber.url}/dead`);
		const { shop } = await serve([trigger('a', `${subscriber.url}/a`, { delivery })]);
		await publishTo(shop, { 'ce-knativeerrordest': 'http://first', 'ce-knativeerrorcode': '503' });
		expect(subscriber.at('/dead')[0]?.headers).toMatchObject({
			'ce-knativeerrordest': 'http://first',
			'ce-knativeerrorcode': '503',
			'ce-knativeerrordata': '',
		});
	});

	test('is retried like the delivery, and lost if its sink fails too', async () => {
		const subscriber = await startSubscriber({ '/a': answering(500), '/dead': answering(503) });
		const delivery = attempts(3, `${subscriber.url}/dead`);
		const { shop, log } = await serve([trigger('a', `${subscriber.url}/a`, { delivery })]);
		expect((await publishTo(shop)).status).toBe(500);
		expect(subscriber.at('/dead')).toHaveLength(3);
		expect(log.at(-1)).toMatchObject({ message: expect.stringContaining('event lost') });
	});

	test("goes to the Broker's sink if the Trigger has no delivery", async () => {
		const subscriber = await startSubscriber({ '/a': answering(400), '/b': answering(400) });
		const delivery = attempts(1, `${subscriber.url}/dead`);
		const { shop } = await serve(
			[
				trigger('a', `${subscriber.url}/a`, { delivery: undefined, ...ofType('a') }),
				trigger('b', `${subscriber.url}/b`, ofType('b')),
			],
			brokerObject({ delivery }),
		);
		expect((await publishTo(shop, { 'ce-type': 'a' })).status).toBe(202);
		expect((await publishTo(shop, { 'ce-type': 'b' })).status).toBe(500);
		expect(subscriber.at('/dead')).toHaveLength(1);
	});
});

describe('a reply', () => {
	test('is published to the same broker, in the same trace', async () => {
		const replier = replying('reserved', 200, { 'x-request-id': 'reply', 'x-secret': 's', 'ce-knativebrokerttl': '9' });
		const subscriber = await startSubscriber({ '/shelves': replier, '/fines': answering(400) });
		const { shop } = await serve([
			trigger('shelves', `${subscriber.url}/shelves`, ofType('placed')),
			trigger('fines', `${subscriber.url}/fines`, {
				...ofType('reserved'),
				delivery: attempts(1, `${subscriber.url}/dead`),
			}),
		]);
		expect((await publishTo(shop, { traceparent: 'trace', 'x-request-id': 'first' })).status).toBe(202);
		const [received] = subscriber.at('/fines');
		expect(received?.headers).toMatchObject({
			'ce-id': 'reserved-id',
			'ce-source': '/replier',
			'content-type': 'application/json',
			traceparent: 'trace',
			'x-request-id': 'reply',
		});
		expect(received?.headers).not.toHaveProperty('x-secret');
		expect(received?.body).toBe('{"reply":true}');
		expect(subscriber.at('/dead')[0]?.headers['ce-knativebrokerttl']).toBe('254');
	});

	test('can be a structured event', async () => {
		const body = '{"specversion":"1.0","id":"r","source":"/r","type":"reserved"}';
		const subscriber = await startSubscriber({
			'/a': answering(200, body, { 'content-type': 'application/cloudevents+json' }),
		});
		const { shop } = await serve([
			trigger('a', `${subscriber.url}/a`, ofType('placed')),
			trigger('b', `${subscriber.url}/b`, ofType('reserved')),
		]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/b')[0]?.headers['ce-id']).toBe('r');
	});

	test("is also accepted with a 202, as in Knative's broker", async () => {
		const subscriber = await startSubscriber({ '/a': replying('reserved', 202) });
		const { shop } = await serve([
			trigger('a', `${subscriber.url}/a`, ofType('placed')),
			trigger('b', `${subscriber.url}/b`, ofType('reserved')),
		]);
		await publishTo(shop);
		expect(subscriber.at('/b')).toHaveLength(1);
	});

	test.each([
		['a body that is not an event', answering(200, 'hello')],
		['an invalid event', replying('x', 200, { 'ce-time': 'yesterday' })],
		['a batch', answering(200, '[]', { 'content-type': 'application/cloudevents-batch+json' })],
	])('that is %s counts as a 502 and is retried', async (_, behaviour) => {
		const subscriber = await startSubscriber({ '/a': behaviour });
		const { shop, log } = await serve([trigger('a', `${subscriber.url}/a`, { delivery: attempts(2) })]);
		expect((await publishTo(shop)).status).toBe(500);
		expect(subscriber.at('/a')).toHaveLength(2);
		expect(log[0]).toMatchObject({ status: 502 });
	});

	test('that the broker rejects makes the original event a dead letter', async () => {
		const subscriber = await startSubscriber({ '/a': replying('reserved', 200, { 'ce-id': '' }) });
		const delivery = attempts(3, `${subscriber.url}/dead`);
		const { shop } = await serve([trigger('a', `${subscriber.url}/a`, { delivery })]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/a')).toHaveLength(1);
		expect(subscriber.at('/dead')[0]?.headers).toMatchObject({
			'ce-type': 'placed',
			'ce-knativeerrordest': shop,
			'ce-knativeerrorcode': '400',
			'ce-knativeerrordata': '',
		});
	});

	test('is published again when its own delivery was lost', async () => {
		const subscriber = await startSubscriber({
			'/a': replying('reserved'),
			'/b': (response, n) => response.writeHead(n === 1 ? 400 : 200).end(),
		});
		const { shop } = await serve([
			trigger('a', `${subscriber.url}/a`, { ...ofType('placed'), delivery: attempts(2) }),
			trigger('b', `${subscriber.url}/b`, ofType('reserved')),
		]);
		expect((await publishTo(shop)).status).toBe(202);
		expect(subscriber.at('/a')).toHaveLength(1);
		expect(subscriber.at('/b')).toHaveLength(2);
	});

	test('with the event itself ends after as many deliveries as its TTL allows, with retries and without a sink', async () => {
		const echo: Behaviour = (response, _, { headers, body }) => {
			const own = Object.entries(headers).filter(([name]) => name.startsWith('ce-') || name === 'content-type');
			response.writeHead(200, Object.fromEntries(own)).end(body);
		};
		const subscriber = await startSubscriber({ '/echo': echo, '/other': echo });
		const { shop } = await serve([
			trigger('echo', `${subscriber.url}/echo`, { ...ofType('placed'), delivery: attempts(2) }),
			trigger('one', `${subscriber.url}/other`, { ...ofType('twice'), delivery: attempts(2) }),
			trigger('two', `${subscriber.url}/other`, { ...ofType('twice'), delivery: attempts(2) }),
		]);
		expect((await publishTo(shop, { 'ce-knativebrokerttl': '8' })).status).toBe(500);
		expect(subscriber.at('/echo')).toHaveLength(7);
		expect((await publishTo(shop)).status).toBe(500);
		expect(subscriber.at('/echo')).toHaveLength(7 + 255);
		// Two triggers double the replies each time: only their number ends them.
		expect((await publishTo(shop, { 'ce-type': 'twice' })).status).toBe(500);
		expect(subscriber.at('/other').length).toBeLessThanOrEqual(2 * 501);
	});

	test('to a reply stops when the TTL has expired', async () => {
		const subscriber = await startSubscriber({ '/echo': replying('placed') });
		const delivery = attempts(1, `${subscriber.url}/dead`);
		const { shop } = await serve([trigger('echo', `${subscriber.url}/echo`, { delivery })]);
		expect((await publishTo(shop, { 'ce-knativebrokerttl': '4' })).status).toBe(202);
		expect(subscriber.at('/echo')).toHaveLength(3);
		expect(subscriber.at('/dead')[0]?.headers).toMatchObject({ 'ce-knativeerrorcode': '400' });
	});
});

describe('a running broker', () => {
	test('waits for deliveries in progress when it closes', async () => {
		const { finish, behaviour } = held();
		const subscriber = await startSubscriber({ '/': behaviour });
		const { shop, close } = await serve([trigger('a', subscriber.url)]);
		const answer = publishTo(shop);
		await subscriber.until('/', 1);
		const closed = close(60_000);
		finish();
		const { status, headers } = await answer;
		expect({ status, connection: headers.get('connection') }).toEqual({ status: 202, connection: 'close' });
		await closed;
		await expect(fetch(shop)).rejects.toThrow();
	});

	test('aborts deliveries in progress when the grace period ends', async () => {
		const subscriber = await startSubscriber({ '/': () => {} });
		const { shop, close } = await serve([trigger('a', subscriber.url)]);
		const answer = publishTo(shop);
		await subscriber.until('/', 1);
		await Promise.all([close(0), expect(answer).rejects.toThrow()]);
	});

	test('reloads triggers while it runs', async () => {
		const subscriber = await startSubscriber();
		const { shop, reload } = await serve([]);
		const other = await serve([trigger('a', subscriber.url)]);
		reload(other.brokers);
		await publishTo(shop);
		expect(subscriber.at('/')).toHaveLength(1);
	});
});
