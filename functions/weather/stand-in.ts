import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Places as Open-Meteo returns them: recorded responses, shortened to the requested fields. */
const places = [
	{
		id: 2988507,
		name: 'Paris',
		latitude: 48.85341,
		longitude: 2.3488,
		elevation: 42.0,
		feature_code: 'PPLC',
		country_code: 'FR',
		admin1_id: 3012874,
		timezone: 'Europe/Paris',
		population: 2138551,
		country_id: 3017382,
		country: 'France',
		admin1: 'Île-de-France Region',
	},
	{
		id: 2657896,
		name: 'Zürich',
		latitude: 47.36667,
		longitude: 8.55,
		elevation: 408.0,
		feature_code: 'PPLA',
		country_code: 'CH',
		timezone: 'Europe/Zurich',
		population: 341730,
		country: 'Switzerland',
	},
	// Antarctica belongs to no country.
	{ id: 6696480, name: 'McMurdo Station', latitude: -77.846, longitude: 166.676, feature_code: 'STNB' },
];

const days = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25'];

const forecast = {
	latitude: 48.86,
	longitude: 2.3399997,
	generationtime_ms: 0.19729137420654297,
	utc_offset_seconds: 3600,
	timezone: 'Europe/Paris',
	timezone_abbreviation: 'GMT+1',
	elevation: 42.0,
	current_units: {
		time: 'iso8601',
		interval: 'seconds',
		temperature_2m: '°C',
		relative_humidity_2m: '%',
		wind_speed_10m: 'km/h',
		weather_code: 'wmo code',
	},
	current: {
		time: '2026-11-21T16:15',
		interval: 900,
		temperature_2m: 8.4,
		relative_humidity_2m: 81,
		wind_speed_10m: 12.6,
		weather_code: 61,
	},
	daily_units: { time: 'iso8601', temperature_2m_min: '°C', temperature_2m_max: '°C', weather_code: 'wmo code' },
	daily: {
		time: days,
		temperature_2m_min: [4.1, 3.9, -0.2, -1.5, 2.0],
		temperature_2m_max: [9.2, 8.8, 5.1, 4.4, 7.3],
		weather_code: [61, 3, 0, 71, 45],
	},
};

function usual({ pathname, searchParams }: URL): unknown {
	if (pathname === '/v1/forecast') return forecast;
	const name = searchParams.get('name')?.toLowerCase();
	const found = places.filter((place) => place.name.toLowerCase() === name);
	return { ...(found.length ? { results: found } : {}), generationtime_ms: 0.5 };
}

/** A local stand-in for Open-Meteo: its server, the requested URLs, and `answer`, which a test can replace. */
export function openMeteo() {
	const provider = {
		asked: [] as URL[],
		answer: (res: ServerResponse, said: unknown, _url: URL): unknown => res.end(JSON.stringify(said)),
		server: createServer((req, res) => {
			const url = new URL(req.url ?? '/', 'http://localhost');
			provider.asked.push(url);
			res.setHeader('content-type', 'application/json; charset=utf-8');
			provider.answer(res, usual(url), url);
		}),
	};
	return provider;
}

/** Starts the stand-in on loopback. Returns the settings that lead to it. */
export default async function standIn() {
	const { server } = openMeteo();
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		env: { WEATHER_URL: url, WEATHER_GEOCODING_URL: url },
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
