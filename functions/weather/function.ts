import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

const isUrl = (value: string): boolean => /^https?:/.test(value) && URL.canParse(value);

export default declare({
	name: 'weather',
	purpose: 'Returns the weather of a city, now and for the next days, from Open-Meteo; caches it for ten minutes.',
	api,
	aliases: ['/weather', '/api/meteo'],
	data: true,
	internet: true,
	settings: {
		WEATHER_URL: {
			purpose: 'the URL of Open-Meteo’s forecast API',
			default: 'https://api.open-meteo.com',
			isValid: isUrl,
		},
		WEATHER_GEOCODING_URL: {
			purpose: 'the URL of Open-Meteo’s geocoding API',
			default: 'https://geocoding-api.open-meteo.com',
			isValid: isUrl,
		},
	},
});
