import { expect, test } from 'vitest';
import { type Answer, breakFunction, target, visit } from './setup/visitor.ts';

/** Expects weather, or 503 from a shop that uses the real provider, which can be out of reach; the laptop's is a stand-in. */
function expectWeather({ status, json, headers }: Answer): void {
	if (target === 'local' || status === 200) {
		expect(status).toBe(200);
		expect(json).toMatchObject({ city: 'Paris', country: 'France', icon: expect.stringMatching(/^[a-z-]+$/) });
		for (const field of ['temperature', 'humidity', 'wind_speed']) expect(json[field]).toEqual(expect.any(Number));
		expect(Date.parse(json.observed_at)).not.toBeNaN();
	} else expect([status, headers['retry-after']]).toEqual([503, '10']);
}

test('returns the weather of a city on each of its paths, and a forecast on request', async () => {
	for (const path of ['/weather/?city=Paris', '/api/weather?city=paris', '/api/meteo?city=Paris'])
		expectWeather(await visit('gateway', path));
	const answer = await visit('weather', '/api/weather?city=Paris&days=5');
	expectWeather(answer);
	if (answer.status === 200) expect(answer.json.forecast).toHaveLength(5);
	const none = await visit('weather', '/api/weather');
	expect([none.status, none.json.errors]).toMatchObject([422, [{ field: 'query.city' }]]);
});

test('without its provider, answers from the cache or with 503 and Retry-After', async () => {
	const before = await visit('weather', '/api/weather?city=Paris');
	const nowhere = 'http://127.0.0.1:9';
	await breakFunction('weather', { WEATHER_URL: nowhere, WEATHER_GEOCODING_URL: nowhere });
	const cached = await visit('weather', '/api/weather?city=Paris');
	const other = await visit('weather', `/api/weather?city=Nowhere ${Date.now()}`);
	expect([cached.status, cached.json.observed_at]).toEqual([before.status, before.json.observed_at]);
	expect([other.status, other.headers['retry-after']]).toEqual([503, '10']);
});
