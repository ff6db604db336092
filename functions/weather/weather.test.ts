import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { channelOf } from '../../kit/data/notifications.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import {
	asOwner,
	freshDatabase,
	listen,
	recordedLog,
	recordedRequests,
	type Serving,
	serving,
} from '../../tests/testing.ts';
import weather from './function.ts';
import * as http from './http.ts';
import { openMeteo } from './stand-in.ts';

/** Serves the function with its own database and provider; further calls of `instance` share both. */
async function serveWeather() {
	const provider = openMeteo();
	const url = await listen(provider.server);
	const ownerUrl = await freshDatabase();
	const env = { WEATHER_URL: url, WEATHER_GEOCODING_URL: url };
	const instance = (): Promise<Serving> => serving(weather, { http }, { ownerUrl, env });
	const { fetch } = await instance();
	const asked = (path: string): number => provider.asked.filter(({ pathname }) => pathname === path).length;
	return {
		fetch,
		ownerUrl,
		provider,
		instance,
		/** Returns how many requests for places and for the weather the provider has received. */
		asked: () => [asked('/v1/search'), asked('/v1/forecast')],
		/** Returns a list that collects the keys of all notifications from now on. */
		listening: async (): Promise<unknown[]> => {
			const told: unknown[] = [];
			const client = new pg.Client({ connectionString: ownerUrl });
			await client.connect();
			onTestFinished(() => client.end());
			client.on('notification', ({ payload }) => told.push(payload));
			await client.query(`listen "${channelOf(roleUrl(ownerUrl, 'weather'))}"`);
			return told;
		},
		sql: (text: string) => asOwner(ownerUrl, async (db) => (await db.query(text)).rows),
	};
}

const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
/** Expires every entry of the cache. */
const expire = `update weather.cache set until = now()`;

const paris = {
	city: 'Paris',
	country: 'France',
	temperature: 8.4,
	humidity: 81,
	wind_speed: 12.6,
	weather: 'light rain',
	icon: 'rain',
	observed_at: '2026-11-21T15:15:00.000Z',
	stale: false,
};

test('returns the current weather of a city', async () => {
	const { fetch, provider } = await serveWeather();
	for (const path of ['/api/weather?city=Paris', '/weather/?city=Paris', '/api/meteo?city=Paris'])
		expect(await json(await fetch(path))).toEqual(paris);
	const [search, forecast] = provider.asked.map(({ searchParams }) => Object.fromEntries(searchParams));
	expect(search).toEqual({ name: 'Paris', count: '1', language: 'en' });
	expect(forecast).toMatchObject({ latitude: '48.85341', longitude: '2.3488', timezone: 'auto', forecast_days: '5' });
	expect(await json(await fetch('/api/weather?city=McMurdo Station'))).toMatchObject({ country: null });
});

test('returns a forecast for the requested number of days', async () => {
	const { fetch } = await serveWeather();
	const { forecast } = (await json(await fetch('/api/weather?city=Paris&days=5'))) as { forecast: unknown[] };
	expect(forecast).toHaveLength(5);
	expect(forecast.slice(2, 4)).toEqual([
		{ date: '2026-11-23', temperature_min: -0.2, temperature_max: 5.1, weather: 'clear sky', icon: 'clear' },
		{ date: '2026-11-24', temperature_min: -1.5, temperature_max: 4.4, weather: 'light snowfall', icon: 'snow' },
	]);
	const two = await json(await fetch('/api/weather?city=Paris&days=2'));
	expect(two).toEqual({ ...paris, forecast: forecast.slice(0, 2) });
});

test.each([
	['city', ''],
	['city', '?city='],
	['city', '?city=%20%09'],
	['city', `?city=${'x'.repeat(101)}`],
	['city', '?city=Par%00is'],
	['days', '?city=Paris&days=6'],
	['days', '?city=Paris&days=-1'],
	['days', '?city=Paris&days=all'],
])('answers 422 and names a wrong %s, without calling the provider: %j', async (field, query) => {
	const { fetch, asked } = await serveWeather();
	const answer = await fetch(`/api/weather${query}`);
	expect(answer.status).toBe(422);
	expect((await json(answer))['errors']).toMatchObject([{ field: `query.${field}` }]);
	expect(asked()).toEqual([0, 0]);
});

test('calls the provider once for different spellings of a city', async () => {
	const { fetch, asked } = await serveWeather();
	for (const name of ['Zürich', ' zürich ', 'ZÜRICH', 'Zu\u0308rich'])
		expect((await json(await fetch(`/api/weather?city=${encodeURIComponent(name)}`)))['city']).toBe('Zürich');
	for (const name of ['McMurdo Station', 'mcmurdo   station'])
		expect((await fetch(`/api/weather?city=${name}`)).status).toBe(200);
	expect(asked()).toEqual([2, 2]);
});

test('answers 404 for an unknown city, and caches that it is unknown', async () => {
	const { fetch, asked, sql } = await serveWeather();
	for (const _ of [1, 2]) expect((await fetch('/api/weather?city=Atlantis')).status).toBe(404);
	expect(asked()).toEqual([1, 0]);
	await sql(expire);
	expect((await fetch('/api/weather?city=Atlantis')).status).toBe(404);
	expect(asked()).toEqual([2, 0]);
});

test('renews the weather after ten minutes, but caches the place of a city longer', async () => {
	const { fetch, asked, sql } = await serveWeather();
	await fetch('/api/weather?city=Paris');
	await sql(`update weather.cache set until = until - interval '10 minutes'`);
	expect((await json(await fetch('/api/weather?city=Paris')))['stale']).toBe(false);
	expect(asked()).toEqual([1, 2]);
});

test('parallel requests to several instances cause one call to the provider', async () => {
	const { fetch, provider, instance, asked } = await serveWeather();
	const instances = [await instance(), await instance()];
	const held: (() => void)[] = [];
	provider.answer = (res, said) => held.push(() => res.end(JSON.stringify(said)));
	const release = () => {
		for (const answer of held.splice(0)) answer();
	};
	const requests = recordedRequests();
	const arrived = (each: Serving): number =>
		requests.filter(({ request }) => `http://${request.headers.host}` === each.url).length;
	const answers = Array.from({ length: 50 }, (_, n) => instances[n % 2]?.fetch('/api/weather?city=Paris'));
	await expect.poll(() => [...instances.map(arrived), held.length]).toEqual([25, 25, 1]);
	release();
	await expect.poll(() => held).toHaveLength(1);
	// Waiting requests do not use up the database connections, so the instances stay ready.
	for (const each of instances) expect((await each.fetch('/ready')).status).toBe(200);
	release();
	expect((await Promise.all(answers)).map((answer) => answer?.status)).toEqual(Array(50).fill(200));
	expect((await fetch('/api/weather?city=paris')).status).toBe(200);
	expect(asked()).toEqual([1, 1]);
});

test('sends a notification when a response is stored', async () => {
	const { fetch, listening } = await serveWeather();
	const told = await listening();
	await fetch('/api/weather?city=Paris');
	await expect.poll(() => told).toEqual(['place paris', 'report 2988507']);
});

test('takes over the expired claim of an instance that ended during its call', async () => {
	const { fetch, sql } = await serveWeather();
	await sql(`insert into weather.cache (key, state, until) values ('place paris', 'asking', now())`);
	expect((await fetch('/api/weather?city=Paris')).status).toBe(200);
});

const faults: [string, (res: ServerResponse) => unknown][] = [
	['500', (res) => res.writeHead(500).end('Internal Server Error')],
	['429', (res) => res.writeHead(429).end('{"error":true,"reason":"Minutely API request limit exceeded."}')],
	['JSON that is cut off', (res) => res.end('{"results":[{"id":2988507,')],
	['a body that is cut off', (res) => res.writeHead(200, { 'content-length': 1000 }).write('{', () => res.destroy())],
	['an HTML page', (res) => res.end('<!doctype html><title>Welcome to the hotel’s network</title>')],
	['nothing', (res) => res.end()],
	['null', (res) => res.end('null')],
	['an error in a 200 response', (res) => res.end('{"error":true,"reason":"out of order"}')],
	['a body that is too long', (res) => res.end(`{"results":[],"more":"${'x'.repeat(200_000)}"}`)],
	['a closed connection', (res) => res.destroy()],
];

describe.each(faults)('a provider that answers with %s', (_what, fault) => {
	test.each(['/v1/search', '/v1/forecast'])(
		'at %s causes a logged 503 and a pause before the next call',
		async (path) => {
			const log = recordedLog();
			const { fetch, provider, asked } = await serveWeather();
			const { answer: usual } = provider;
			provider.answer = (res, said, url) => (url.pathname === path ? fault(res) : usual(res, said, url));
			const answer = await fetch('/api/weather?city=Paris');
			expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
			expect(log.filter(({ severity }) => severity === 'ERROR')).toMatchObject([
				{ error: expect.stringContaining(`${path} failed: `) },
			]);
			const before = asked();
			provider.answer = usual;
			expect((await fetch('/api/weather?city=Paris')).status).toBe(503);
			expect(asked()).toEqual(before);
		},
	);
});

test('answers 503 when the provider is unreachable', async () => {
	recordedLog();
	const nowhere = { WEATHER_URL: 'http://127.0.0.1:9', WEATHER_GEOCODING_URL: 'http://127.0.0.1:9' };
	const { fetch } = await serving(weather, { http }, { ownerUrl: await freshDatabase(), env: nowhere });
	const answer = await fetch('/api/weather?city=Paris');
	expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
});

test('answers 503 to the calling and the waiting instance when the provider never responds', async () => {
	recordedLog();
	const { provider, instance, asked } = await serveWeather();
	const gone = new Promise((resolve) => {
		provider.answer = (res) => res.once('close', resolve);
	});
	const instances = [await instance(), await instance()];
	const answers = await Promise.all(instances.map((each) => each.fetch('/api/weather?city=Paris')));
	expect(answers.map(({ status }) => status)).toEqual([503, 503]);
	await gone;
	expect(asked()).toEqual([1, 0]);
});

test('returns weather up to a day old, marked as stale, while the provider fails', async () => {
	recordedLog();
	const { fetch, provider, sql, asked } = await serveWeather();
	const { answer: usual } = provider;
	const reported = (minutes: number) => {
		const time = new Date(Date.now() - minutes * 60_000 + 3600_000).toISOString().slice(0, 16);
		provider.answer = (res, said, url) =>
			usual(res, { ...(said as object), ...(url.pathname === '/v1/forecast' ? { current: current(time) } : {}) }, url);
	};
	const current = (time: string) => ({
		time,
		temperature_2m: 1,
		relative_humidity_2m: 2,
		wind_speed_10m: 3,
		weather_code: 95,
	});
	reported(23 * 60);
	const first = await json(await fetch('/api/weather?city=Paris'));
	expect(first).toMatchObject({ icon: 'thunderstorm', stale: false });
	await sql(expire);
	provider.answer = (res) => res.writeHead(500).end();
	// The first request makes a failing call; the second comes in the pause after it.
	for (const _ of [1, 2]) expect(await json(await fetch('/api/weather?city=Paris'))).toEqual({ ...first, stale: true });
	expect(asked()).toEqual([2, 2]);
	reported(25 * 60);
	await sql(expire);
	expect((await fetch('/api/weather?city=Paris')).status).toBe(200);
	await sql(expire);
	provider.answer = (res) => res.writeHead(500).end();
	expect((await fetch('/api/weather?city=Paris')).status).toBe(503);
});

test('the cache holds the latest ten thousand responses', async () => {
	const { fetch, sql } = await serveWeather();
	await sql(
		`insert into weather.cache (key, state, since, until)
		 select 'place ' || n, 'failed', now() - make_interval(secs => n), now() from generate_series(1, 10100) n`,
	);
	await fetch('/api/weather?city=Paris');
	expect(await sql(`select count(*)::int from weather.cache`)).toEqual([{ count: 10_000 }]);
	expect(
		await sql(`select count(*)::int from weather.cache where key in ('place paris', 'report 2988507', 'place 9999')`),
	).toEqual([{ count: 2 }]);
});

/** Returns the paths of all leaves of a JSON value. */
const leaves = (said: unknown, path: readonly string[] = []): (readonly string[])[] =>
	typeof said === 'object' && said !== null
		? Object.entries(said).flatMap(([key, value]) => leaves(value, [...path, key]))
		: [path];

/** Returns a copy of a JSON value with one part replaced. */
const replaced = (said: unknown, [key, ...path]: readonly string[], by: unknown): unknown => {
	if (key === undefined) return by;
	const copy = Array.isArray(said) ? [...said] : { ...(said as object) };
	return Object.assign(copy, { [key]: replaced((said as Record<string, unknown>)[key], path, by) });
};

test.each([
	['utc_offset_seconds', 1e15],
	['current', null],
	['current.time', '2026-11-21'],
	['current.time', '2026-13-21T16:15'],
	['current.time', '0000-01-01T00:00'],
	['current.temperature_2m', null],
	['current.temperature_2m', '8.4'],
	['current.temperature_2m', 1e9],
	['current.relative_humidity_2m', 250],
	['current.weather_code', 'rain'],
	['current_units.temperature_2m', '°F'],
	['current_units.wind_speed_10m', 'mp/h'],
])('answers 503 to a report whose %s is %j', async (path, value) => {
	recordedLog();
	const { fetch, provider } = await serveWeather();
	const { answer: usual } = provider;
	provider.answer = (res, said, url) =>
		usual(res, url.pathname === '/v1/forecast' ? replaced(said, path.split('.'), value) : said, url);
	expect((await fetch('/api/weather?city=Paris')).status).toBe(503);
});

async function serveReport(path: string, value: unknown) {
	const served = await serveWeather();
	const { answer: usual } = served.provider;
	served.provider.answer = (res, said, url) =>
		usual(res, url.pathname === '/v1/forecast' ? replaced(said, path.split('.'), value) : said, url);
	return served;
}

test.each([
	['daily.temperature_2m_max.4', null, 4],
	['daily.temperature_2m_min.4', '2.0', 4],
	['daily.time.4', '2026-11-31', 4],
	['daily.temperature_2m_max.2', null, 4],
	['daily.weather_code.0', null, 5],
	['daily.temperature_2m_max', [9.2], 1],
	['daily.temperature_2m_max', null, 0],
	['daily.weather_code', 'rain', 0],
	['daily.time', 'today', 0],
	['daily.time', [], 0],
	['daily_units.temperature_2m_max', '°F', 0],
	['daily', null, 0],
])('returns today’s weather and each known day when %s is %j', async (path, value, known) => {
	const { fetch } = await serveReport(path, value);
	expect(await json(await fetch('/api/weather?city=Paris'))).toEqual(paris);
	const five = await json(await fetch('/api/weather?city=Paris&days=5'));
	expect(five).toEqual({ ...paris, forecast: expect.any(Array) });
	expect(five['forecast']).toHaveLength(known);
});

test('finds a city although a result that nobody asked for is malformed', async () => {
	const { fetch, provider } = await serveWeather();
	const { answer: usual } = provider;
	provider.answer = (res, said, url) => {
		const { results } = said as { results?: unknown[] };
		return usual(res, results ? { ...(said as object), results: [...results, { id: null }] } : said, url);
	};
	expect(await json(await fetch('/api/weather?city=Paris'))).toEqual(paris);
});

test.each([
	['120', 120],
	['1', 10],
	['999999', 3600],
	['soon', 10],
])('waits as long as the provider asks for with Retry-After: %s', async (wanted, seconds) => {
	recordedLog();
	const { fetch, provider, sql } = await serveWeather();
	provider.answer = (res) => res.writeHead(429, { 'retry-after': wanted }).end('{"error":true}');
	const answer = await fetch('/api/weather?city=Paris');
	expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, String(seconds)]);
	const [{ pause } = {}] = (await sql(`select extract(epoch from until - now()) as pause from weather.cache`)) as {
		pause?: string;
	}[];
	expect(Math.abs(Number(pause) - seconds)).toBeLessThan(seconds > 10 ? 60 : 10);
});

test('returns an unknown weather code as "unknown", with the rest of the report', async () => {
	const { fetch, provider } = await serveWeather();
	provider.answer = (res, said) => res.end(JSON.stringify(said).replace('"weather_code":61', '"weather_code":7'));
	const answer = await json(await fetch('/api/weather?city=Paris'));
	expect(answer).toEqual({ ...paris, weather: 'unknown', icon: 'unknown' });
});

test('answers any provider response with 404, 503, or a response that follows the contract', async () => {
	recordedLog();
	const { fetch, provider, ownerUrl } = await serveWeather();
	const db = new pg.Client({ connectionString: ownerUrl });
	await db.connect();
	onTestFinished(() => db.end());
	const anything = fc.oneof(
		fc.jsonValue({ stringUnit: 'binary' }),
		fc.string({ unit: 'binary' }),
		fc.double(),
		fc.constantFrom('\u0000', '\ud800', '2026-13-45T99:99', '2999-12-31T23:59', -1e308, 2 ** 53, []),
	);
	const odd = fc.record({
		path: fc.constantFrom('/v1/search', '/v1/forecast'),
		depth: fc.nat(),
		at: fc.nat(),
		anything,
	});
	const seen = new Set<number>();
	await fc.assert(
		fc.asyncProperty(odd, async (odd) => {
			await db.query('delete from weather.cache');
			provider.answer = (res, said, { pathname }) => {
				const places = leaves(said);
				const where = places[odd.at % places.length] ?? [];
				const wrong = replaced(said, where.slice(0, where.length - (odd.depth % 3)), odd.anything);
				res.end(JSON.stringify(pathname === odd.path ? wrong : said));
			};
			const { status } = await fetch('/api/weather?city=Paris&days=5');
			seen.add(status);
			return [200, 404, 503].includes(status);
		}),
		{ numRuns: 200 },
	);
	expect([...seen]).toEqual(expect.arrayContaining([200, 503]));
});
