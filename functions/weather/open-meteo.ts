import * as z from 'zod';
import { messageOf, Problem } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import type { Day, Weather } from './api.ts';
import type declaration from './function.ts';
import { skyOf } from './sky.ts';

/** A place on earth, as the geocoding knows it. */
export interface Place {
	readonly id: number;
	readonly name: string;
	readonly country: string | null;
	readonly latitude: number;
	readonly longitude: number;
}

/** The weather of a place, now and in five days. */
export type Report = Omit<z.output<typeof Weather>, 'city' | 'country' | 'stale' | 'forecast'> & {
	readonly forecast: readonly Day[];
};

/** The longest answer that is read, in characters; theirs have about 1500. */
const limit = 100_000;

/** How long whoever finds the provider away should leave it alone, in seconds. */
export const respite = 10;

/** @see https://open-meteo.com/en/docs/geocoding-api: what is empty is left out, the results too */
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
	.transform(({ results: [first] }): Place | null => first ?? null);

const code = z.int().min(0).max(99);

/** @see https://open-meteo.com/en/docs: times are local, `utc_offset_seconds` from UTC, when a time zone is asked for */
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
			if (values.length !== daily.time.length) throw new Error('the columns of the days are not equally long');
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

/** The place that is most likely meant by a name, or null. @throws {Problem} 503 */
export function findPlace(context: Context, name: string, signal: AbortSignal): Promise<Place | null> {
	return ask(
		context.settings<typeof declaration>().WEATHER_GEOCODING_URL,
		'/v1/search',
		{ name, count: 1, language: 'en' },
		Places,
		signal,
	);
}

/** The weather of a place. @throws {Problem} 503 */
export function report(context: Context, { latitude, longitude }: Place, signal: AbortSignal): Promise<Report> {
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

/** Whatever goes wrong in here is the provider's fault: no connection, no answer in time, or one that is not as documented. */
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
		if (!answer.ok) throw new Error(`its status is ${answer.status}: ${text.slice(0, 200)}`);
		return schema.parse(JSON.parse(text));
	} catch (cause) {
		throw away(new Error(`${url.origin}${path} gave no answer of use: ${messageOf(cause)}`, { cause }));
	}
}

async function read({ body }: Response): Promise<string> {
	let text = '';
	for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
		text += chunk;
		if (text.length > limit) throw new Error(`it is longer than ${limit} characters`);
	}
	return text;
}

export const away = (cause?: unknown): Problem =>
	new Problem(
		503,
		'The weather service that this asks does not answer as it should at the moment. Try again shortly.',
		{
			headers: { 'retry-after': String(respite) },
			cause,
		},
	);
