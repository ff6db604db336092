import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { integer } from '../../kit/fields/numeral.ts';
import { text, unstorable } from '../../kit/fields/text.ts';

/** The icon that a page can show; the same by day and by night. */
export const Icon = z.enum([
	'clear',
	'partly-cloudy',
	'cloudy',
	'fog',
	'drizzle',
	'rain',
	'sleet',
	'snow',
	'thunderstorm',
	'unknown',
]);
export type Icon = z.output<typeof Icon>;

const Sky = {
	/** A description in words, like "light rain". */
	weather: z.string(),
	icon: Icon,
};

export const Day = z.object({
	/** In the city's own time zone. */
	date: z.iso.date(),
	/** In °C. */
	temperature_min: z.number(),
	temperature_max: z.number(),
	...Sky,
});
export type Day = z.output<typeof Day>;

export const Weather = z
	.object({
		/** The name as the provider writes it, with accents. */
		city: z.string(),
		/** Null for a place that belongs to no country. */
		country: z.string().nullable(),
		/** In °C. */
		temperature: z.number(),
		/** Relative, in %. */
		humidity: z.number(),
		/** In km/h, 10 m above the ground. */
		wind_speed: z.number(),
		...Sky,
		observed_at: z.iso.datetime(),
		/** Whether the weather is outdated because the provider does not answer. */
		stale: z.boolean(),
		/** One entry per known day, starting today; present only if `days` is at least 1. */
		forecast: z.array(Day).optional(),
	})
	.meta({
		id: 'Weather',
		examples: [
			{
				city: 'Paris',
				country: 'France',
				temperature: 11.4,
				humidity: 76,
				wind_speed: 14.8,
				weather: 'partly cloudy',
				icon: 'partly-cloudy',
				observed_at: '2026-01-05T09:00:00.000Z',
				stale: false,
			},
		],
	});

const wanted = 'expected the name of a city, like ?city=Paris';

/** Control characters and halves of surrogate pairs. */
const odd = `${unstorable}\\u0001-\\u001f\\u007f-\\u009f`;

/** The name of a city with normalized spaces; case and accents stay as they are. */
const City = text(1, 100)
	.refine((name) => name.trim(), { error: wanted, abort: true })
	.refine((name) => !/\p{Cc}/u.test(name), 'expected a name without control characters')
	.normalize('NFC')
	.overwrite((name) => name.replace(/\s+/g, ' '))
	.trim()
	.meta({ minLength: 1, maxLength: 100, pattern: `^[^${odd}]*[^\\s\\ufeff${odd}][^${odd}]*$` });

export const api = contract('/api/weather', {
	getWeather: {
		method: 'GET',
		path: '/',
		summary: 'Returns the current weather of a city, and on request a forecast of up to five days',
		query: z.object({
			city: City.meta({ examples: ['Paris'] }),
			days: integer(0, 5).default(0),
		}),
		returns: Weather,
		problems: [404],
	},
});
