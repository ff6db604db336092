import { expect, onTestFinished, test, vi } from 'vitest';
import type { LogLine } from './log.ts';
import { startPings } from './ping.ts';
import { answering, startSubscriber } from './testing.ts';

const everySecond = '* * * * * *';
const source = (spec: object, metadata: object = { name: 'relay', namespace: 'bodega' }) => ({
	apiVersion: 'sources.knative.dev/v1',
	kind: 'PingSource',
	metadata,
	spec,
});

function start(spec: object) {
	const log: LogLine[] = [];
	const pings = startPings([source(spec)], {
		now: () => new Date('2026-01-01T00:00:00Z'),
		log: (line) => log.push(line),
	});
	onTestFinished(() => pings.stop());
	return { pings, log };
}

test('sends its event on schedule', async () => {
	const subscriber = await startSubscriber();
	const ceOverrides = { extensions: { tenant: 'blue' } };
	const data = '{"wake":true}';
	start({ schedule: everySecond, contentType: 'application/json', data, ceOverrides, sink: { uri: subscriber.url } });
	const [first, second] = await subscriber.until('/', 2);
	expect(first?.headers).toMatchObject({
		'ce-specversion': '1.0',
		'ce-type': 'dev.knative.sources.ping',
		'ce-source': '/apis/v1/namespaces/bodega/pingsources/relay',
		'ce-time': '2026-01-01T00:00:00Z',
		'ce-tenant': 'blue',
		'content-type': 'application/json',
	});
	expect(first?.body).toBe('{"wake":true}');
	expect(second?.headers['ce-id']).not.toBe(first?.headers['ce-id']);
});

test('goes on when the clock is set back or forward', async () => {
	const subscriber = await startSubscriber();
	vi.useFakeTimers({ toFake: ['Date'] });
	onTestFinished(() => void vi.useRealTimers());
	const clock = setInterval(() => vi.setSystemTime(Date.now() + 10), 10);
	onTestFinished(() => clearInterval(clock));
	start({ schedule: everySecond, sink: { uri: subscriber.url } });
	await subscriber.until('/', 1);
	for (const change of [-3_600_000, 7_200_000]) {
		vi.setSystemTime(Date.now() + change);
		const { length } = subscriber.at('/');
		await subscriber.until('/', length + 2);
	}
});

test('sends decoded base64 data, and no content type without data', async () => {
	const subscriber = await startSubscriber();
	const contentType = 'text/plain';
	start({ schedule: everySecond, contentType, dataBase64: 'aGk=', sink: { uri: `${subscriber.url}/bytes` } });
	start({ schedule: everySecond, contentType, sink: { uri: `${subscriber.url}/none` } });
	expect((await subscriber.until('/bytes', 1))[0]).toMatchObject({
		body: 'hi',
		headers: { 'content-type': contentType },
	});
	expect((await subscriber.until('/none', 1))[0]?.headers).not.toHaveProperty('content-type');
});

test('retries after a transient error, and logs a lost ping', async () => {
	const subscriber = await startSubscriber({
		'/busy': (response, n) => response.writeHead(n === 1 ? 503 : 202).end(),
		'/wrong': answering(500),
	});
	const busy = start({ schedule: everySecond, sink: { uri: `${subscriber.url}/busy` } });
	const wrong = start({ schedule: everySecond, sink: { uri: `${subscriber.url}/wrong` } });
	const [first, second] = await subscriber.until('/busy', 2);
	expect(second?.headers['ce-id']).toBe(first?.headers['ce-id']);
	expect(busy.log).toEqual([expect.objectContaining({ message: 'ping failed', status: 503, retryInMs: 100 })]);
	await expect
		.poll(() => wrong.log[0])
		.toMatchObject({ severity: 'ERROR', message: 'ping lost', status: 500, attempt: 1 });
});

test('names the next run, in UTC unless a time zone is given', () => {
	const next = (spec: object): Date | null | undefined => {
		const { pings } = start({ sink: { uri: 'http://127.0.0.1:1' }, ...spec });
		return pings.next().get('bodega/relay');
	};
	const zone = process.env['TZ'];
	process.env['TZ'] = 'Asia/Kolkata';
	onTestFinished(() => {
		process.env['TZ'] = zone;
		if (zone === undefined) delete process.env['TZ'];
	});
	expect(next({ schedule: '17 3 * * *' })?.toISOString()).toContain('T03:17:00.000Z');
	const noon = next({ schedule: '0 12 * * *', timezone: 'Asia/Tokyo' });
	expect(noon?.toISOString()).toContain('T03:00:00.000Z');
	expect(next({})?.getUTCSeconds()).toBe(0);
});

test('stops its schedules', () => {
	const { pings } = start({ schedule: everySecond, sink: { uri: 'http://127.0.0.1:1' } });
	pings.stop();
	expect(pings.next().get('bodega/relay')).toBeNull();
});

const sink = { uri: 'http://127.0.0.1:1' };
test.each([
	['an invalid schedule', { schedule: 'often', sink }, 'spec.schedule: found "often", expected a cron schedule'],
	['a weekday 7', { schedule: '0 0 * * 7', sink }, 'found 7, expected 0 to 6'],
	['@every', { schedule: '@every 90s', sink }, 'Knative rejects @every'],
	[
		'JSON data that is no object',
		{ contentType: 'application/json', data: '[1]', sink },
		'expected data that is a JSON',
	],
	['seven fields', { schedule: '* * * * * * *', sink }, 'spec.schedule: found "* * * * * * *"'],
	['an unknown time zone', { timezone: 'Mars/Base', sink }, 'time zone "Mars/Base"'],
	['no sink', {}, 'spec.sink: found nothing'],
	[
		'a ref',
		{ sink: { ref: { kind: 'Broker' } } },
		'spec.sink.ref: found {"kind":"Broker"}, the local broker cannot resolve a ref',
	],
	['both data and dataBase64', { sink, data: 'a', dataBase64: 'aGk=' }, 'expected data or dataBase64'],
])('reports %s with its location', (_, spec, message) => {
	expect(() => startPings([source(spec)])).toThrow(`PingSource bodega/relay: `);
	expect(() => startPings([source(spec)])).toThrow(message);
});
