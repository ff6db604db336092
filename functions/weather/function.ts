import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

const isUrl = (value: string): boolean => /^https?:/.test(value) && URL.canParse(value);

export default declare({
	name: 'weather',
	purpose: 'The weather of a city, now and in the next days, as Open-Meteo tells it; kept for ten minutes.',
	api,
	aliases: ['/weather', '/api/meteo'],
	data: true,
	internet: true,
	settings: {
		WEATHER_URL: {
			purpose: 'the URL of Open-Meteo’s forecasts',
			default: 'https://api.open-meteo.com',
			isValid: isUrl,
		},
		WEATHER_GEOCODING_URL: {
			purpose: 'the URL of Open-Meteo’s search for places',
			default: 'https://geocoding-api.open-meteo.com',
			isValid: isUrl,
		},
	},
});
