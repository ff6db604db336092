import * as z from 'zod';
import { messageOf, type Problem, unavailable } from '../../kit/http/problem.ts';
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
	readonly forecast: readonly Day[];
};

/** The maximum length of a response, in characters; usual responses have about 1500. */
const limit = 100_000;

/** How long to wait after a failure before calling the provider again, in seconds. */
export const respite = 10;

/** A geocoding response, which omits empty fields, even `results`. @see https://open-meteo.com/en/docs/geocoding-api */
const Places = z
	.object({
		results: z
			.array(
				z.object({
					id: z.int(),
					name: z.string().min(1).max(200),
					country: z.string().max(200).nullable().default(null),
					latitude: z.number().min(-90).max(90),
					longitude: z.number().min(-180).max(180),
				}),
			)
			.default([]),
		error: z.literal(false).optional(),
	})
	.transform(({ results: [first] }): City | null => first ?? null);

const code = z.int().min(0).max(99);

/** Times are local, `utc_offset_seconds` from UTC. @see https://open-meteo.com/en/docs */
const Reported = z
	.object({
		utc_offset_seconds: z.int().min(-86_400).max(86_400),
		current: z.object({
			time: z.string().regex(/^2\d{3}-\d\d-\d\dT\d\d:\d\d$/),
			temperature_2m: z.number(),
			relative_humidity_2m: z.number(),
			wind_speed_10m: z.number(),
			weather_code: code,
		}),
		daily: z.object({
			time: z.array(z.iso.date()).max(16),
			temperature_2m_min: z.array(z.number()),
			temperature_2m_max: z.array(z.number()),
			weather_code: z.array(code),
		}),
	})
	.transform(({ utc_offset_seconds, current, daily }): Report => {
		const column = <T>(values: readonly T[], index: number): T => {
			if (values.length !== daily.time.length) throw new Error('the arrays of the daily forecast differ in length');
			return values[index] as T;
		};
		return {
			temperature: current.temperature_2m,
			humidity: current.relative_humidity_2m,
			wind_speed: current.wind_speed_10m,
			...skyOf(current.weather_code),
			observed_at: new Date(Date.parse(`${current.time}Z`) - utc_offset_seconds * 1000).toISOString(),
			forecast: daily.time.map((date, index) => ({
				date,
				temperature_min: column(daily.temperature_2m_min, index),
				temperature_max: column(daily.temperature_2m_max, index),
				...skyOf(column(daily.weather_code, index)),
			})),
		};
	});

/** Returns the most likely place for a name, or null. @throws {Problem} 503 when the provider fails */
export function findCity(context: Context, name: string, signal: AbortSignal): Promise<City | null> {
	const base = context.settings<typeof declaration>().WEATHER_GEOCODING_URL;
	return ask(base, '/v1/search', { name, count: 1, language: 'en' }, Places, signal);
}

/** Returns the weather of a place. @throws {Problem} 503 when the provider fails */
export function report(context: Context, { latitude, longitude }: City, signal: AbortSignal): Promise<Report> {
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
	return ask(context.settings<typeof declaration>().WEATHER_URL, '/v1/forecast', query, Reported, signal);
}

/** @throws {Problem} 503 when the connection fails, the call times out, or the response is not as documented */
async function ask<T>(
	base: string,
	path: string,
	query: Readonly<Record<string, string | number>>,
	schema: z.ZodType<T>,
	signal: AbortSignal,
): Promise<T> {
	const url = new URL(path, base);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
	try {
		const answer = await fetch(url, { headers: { accept: 'application/json' }, signal });
		const text = await read(answer);
		if (!answer.ok) throw new Error(`the status is ${answer.status}: ${text.slice(0, 200)}`);
		return schema.parse(JSON.parse(text));
	} catch (cause) {
		throw away(new Error(`${url.origin}${path} failed: ${messageOf(cause)}`, { cause }));
	}
}

async function read({ body }: Response): Promise<string> {
	let text = '';
	for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
		text += chunk;
		if (text.length > limit) throw new Error(`the response is longer than ${limit} characters`);
	}
	return text;
}

export const away = (cause?: unknown): Problem =>
	unavailable('Cannot get the weather from Open-Meteo. Try again shortly.', cause, respite);
