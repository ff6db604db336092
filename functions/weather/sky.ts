import type { Icon } from './api.ts';

/** Descriptions of the weather codes that Open-Meteo uses, a subset of WMO table 4677. */
const skies: Readonly<Record<number, readonly [weather: string, icon: Icon]>> = {
	0: ['clear sky', 'clear'],
	1: ['mainly clear', 'clear'],
	2: ['partly cloudy', 'partly-cloudy'],
	3: ['overcast', 'cloudy'],
	45: ['fog', 'fog'],
	48: ['freezing fog', 'fog'],
	51: ['light drizzle', 'drizzle'],
	53: ['drizzle', 'drizzle'],
	55: ['heavy drizzle', 'drizzle'],
	56: ['light freezing drizzle', 'sleet'],
	57: ['heavy freezing drizzle', 'sleet'],
	61: ['light rain', 'rain'],
	63: ['rain', 'rain'],
	65: ['heavy rain', 'rain'],
	66: ['light freezing rain', 'sleet'],
	67: ['heavy freezing rain', 'sleet'],
	71: ['light snowfall', 'snow'],
	73: ['snowfall', 'snow'],
	75: ['heavy snowfall', 'snow'],
	77: ['snow grains', 'snow'],
	80: ['light rain showers', 'rain'],
	81: ['rain showers', 'rain'],
	82: ['violent rain showers', 'rain'],
	85: ['light snow showers', 'snow'],
	86: ['heavy snow showers', 'snow'],
	95: ['thunderstorm', 'thunderstorm'],
	96: ['thunderstorm with light hail', 'thunderstorm'],
	99: ['thunderstorm with heavy hail', 'thunderstorm'],
};

/** Other codes are `unknown`, so that the rest of the report stays usable. */
export function skyOf(code: number): { weather: string; icon: Icon } {
	const [weather, icon] = skies[code] ?? ['unknown', 'unknown'];
	return { weather, icon };
}
