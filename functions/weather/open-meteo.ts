import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { messageOf, type Problem, unavailable } from '../../kit/http/problem.ts';
import { exchange } from '../../kit/net/exchange.ts';
import type { Context } from '../../kit/serve/context.ts';
import type { Day, Weather } from './api.ts';
import type declaration from './function.ts';
import { skyOf } from './sky.ts';

export interface City {
	readonly id: number;
	readonly name: string;
	readonly country: string | null;
	readonly latitude: number;
	readonly longitude: number;
}

export type Report = Omit<z.output<typeof Weather>, 'city' | 'country' | 'stale' | 'forecast'> & {
	/** The days from today on; null for a day that the provider does not know. */
	readonly forecast: readonly (Day | null)[];
};

/** The maximum length of a response, in characters; usual responses have about 1500. */
const most = 100_000;

/** How long to wait after a failure before calling the provider again, in seconds. */
export const respite = 10;

/**
 * A geocoding response, which omits empty fields, even `results`. Only the first result counts.
 * @see https://open-meteo.com/en/docs/geocoding-api
 */
const Places = z.object({
	results: z.array(z.unknown()).default([]),
	error: z.literal(false).optional(),
});
const Place = z.object({
	id: z.int(),
	name: z.string().min(1).max(200),
	country: z.string().max(200).nullable().default(null),
	latitude: z.number().min(-90).max(90),
	longitude: z.number().min(-180).max(180),
});
const FirstPlace = Places.transform(({ results }): City | null => (results.length ? Place.parse(results[0]) : null));

/** Beyond every temperature ever measured, in °C. */
const temperature = z.number().min(-100).max(70);
/** A weather code, or null if the provider does not know it. */
const code = z.int().min(0).max(99).nullable();
const unknown = -1;

/** The units that a request asks for. A response in others would be misread. */
const celsius = z.literal('°C').optional();
const CurrentUnits = z
	.object({
		temperature_2m: celsius,
		relative_humidity_2m: z.literal('%').optional(),
		wind_speed_10m: z.literal('km/h').optional(),
	})
	.optional();
const DailyUnits = z.object({ temperature_2m_min: celsius, temperature_2m_max: celsius }).optional();

const Daily = z.object({
	time: z.array(z.unknown()),
	temperature_2m_min: z.array(z.unknown()),
	temperature_2m_max: z.array(z.unknown()),
	weather_code: z.array(z.unknown()),
});
const OneDay = z.object({ date: z.iso.date(), temperature_min: temperature, temperature_max: temperature, code });

/** Times are local, `utc_offset_seconds` from UTC. @see https://open-meteo.com/en/docs */
const Reported = z
	.object({
		utc_offset_seconds: z.int().min(-86_400).max(86_400),
		current_units: CurrentUnits,
		current: z.object({
			time: z.string().regex(/^2\d{3}-\d\d-\d\dT\d\d:\d\d$/),
			temperature_2m: temperature,
			relative_humidity_2m: z.number().min(0).max(100),
			wind_speed_10m: z.number().min(0).max(500),
			weather_code: code,
		}),
		daily_units: z.unknown(),
		daily: z.unknown(),
	})
	.transform(
		({ utc_offset_seconds, current, daily, daily_units }): Report => ({
			temperature: current.temperature_2m,
			humidity: current.relative_humidity_2m,
			wind_speed: current.wind_speed_10m,
			...skyOf(current.weather_code ?? unknown),
			observed_at: new Date(Date.parse(`${current.time}Z`) - utc_offset_seconds * 1000).toISOString(),
			forecast: DailyUnits.safeParse(daily_units).success ? daysOf(daily) : [],
		}),
	);

/** Returns the days of a forecast in their order. A day that is not known does not count against the others. */
function daysOf(daily: unknown): (Day | null)[] {
	const { success, data } = Daily.safeParse(daily);
	if (!success) return [];
	return data.time.slice(0, 5).map((date, index) => {
		const day = OneDay.safeParse({
			date,
			temperature_min: data.temperature_2m_min[index],
			temperature_max: data.temperature_2m_max[index],
			code: data.weather_code[index],
		});
		if (!day.success) return null;
		const { code: sky, ...rest } = day.data;
		return { ...rest, ...skyOf(sky ?? unknown) };
	});
}

/**
 * Returns the most likely place for a name, or null.
 * @param limit the milliseconds for the answer to arrive
 * @throws {Problem} 503 when the provider fails
 */
export function findCity(context: Context, name: string, limit: number): Promise<City | null> {
	const base = context.settings<typeof declaration>().WEATHER_GEOCODING_URL;
	return ask(base, '/v1/search', { name, count: 1, language: 'en' }, FirstPlace, limit);
}

/**
 * Returns the weather of a place.
 * @param limit the milliseconds for the answer to arrive
 * @throws {Problem} 503 when the provider fails
 */
export function report(context: Context, { latitude, longitude }: City, limit: number): Promise<Report> {
	const query = {
		latitude,
		longitude,
		current: 'temperature_2m,relative_humidity_2m,wind_speed_10m,weather_code',
		daily: 'temperature_2m_min,temperature_2m_max,weather_code',
		forecast_days: 5,
		timezone: 'auto',
		temperature_unit: 'celsius',
		wind_speed_unit: 'kmh',
	};
	return ask(context.settings<typeof declaration>().WEATHER_URL, '/v1/forecast', query, Reported, limit);
}

/** @throws {Problem} 503 when the connection fails, the call times out, or the response is not as documented */
async function ask<T>(
	base: string,
	path: string,
	query: Readonly<Record<string, string | number>>,
	schema: z.ZodType<T>,
	limit: number,
): Promise<T> {
	const url = new URL(path, base);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
	let pause = respite;
	try {
		const headers = { accept: 'application/json' };
		const answer = await exchange(url, { method: 'GET', headers, limit, most });
		pause = Math.max(respite, pauseOf(answer.headers));
		if (answer.status !== 200) throw new Error(`the status is ${answer.status}: ${answer.text.slice(0, 200)}`);
		return schema.parse(JSON.parse(answer.text));
	} catch (cause) {
		throw away(new Error(`${url.origin}${path} failed: ${messageOf(cause)}`, { cause }), pause);
	}
}

/** Returns the pause that a provider asks for, in seconds and at most an hour: `Retry-After` (RFC 9110, 10.2.3), or 0. */
function pauseOf({ 'retry-after': wanted }: IncomingHttpHeaders): number {
	if (!wanted) return 0;
	const seconds = /^\d+$/.test(wanted) ? Number(wanted) : Math.ceil((Date.parse(wanted) - Date.now()) / 1000);
	return Math.min(seconds || 0, 3600);
}

export const away = (cause?: unknown, seconds = respite): Problem =>
	unavailable('Cannot get the weather from Open-Meteo. Try again shortly.', cause, seconds);
