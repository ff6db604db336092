import * as z from 'zod';
import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

const url = z.url({ protocol: /^https?$/ });

export default declare({
	name: 'weather',
	purpose: 'Returns the weather of a city, now and for the next days, from Open-Meteo; caches it for ten minutes.',
	api,
	aliases: ['/weather', '/api/meteo'],
	data: true,
	internet: true,
	settings: {
		WEATHER_URL: url.default('https://api.open-meteo.com').describe('the URL of Open-Meteo’s forecast API'),
		WEATHER_GEOCODING_URL: url
			.default('https://geocoding-api.open-meteo.com')
			.describe('the URL of Open-Meteo’s geocoding API'),
	},
});
