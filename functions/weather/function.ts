import * as z from 'zod';
import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

const url = z.url({ protocol: /^https?$/ });

export default declare({
	name: 'weather',
	purpose: 'The weather of a city, now and in the next days, as Open-Meteo tells it; kept for ten minutes.',
	api,
	aliases: ['/weather', '/api/meteo'],
	data: true,
	internet: true,
	settings: {
		WEATHER_URL: url.default('https://api.open-meteo.com').describe('the URL of Open-Meteo’s forecasts'),
		WEATHER_GEOCODING_URL: url
			.default('https://geocoding-api.open-meteo.com')
			.describe('the URL of Open-Meteo’s search for places'),
	},
});
