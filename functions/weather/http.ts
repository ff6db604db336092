import { implement } from '../../kit/http/http.ts';
import { Problem } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import * as weather from './weather.ts';

export const operations = implement(api, {
	async getWeather({ query: { city, days } }, context) {
		const found = await weather.find(context, city);
		if (!found)
			throw new Problem(404, `Cannot find a city "${city}". Check the spelling, or try a larger city nearby.`);
		const { forecast, ...now } = found.report;
		return {
			city: found.city.name,
			country: found.city.country,
			...now,
			stale: found.stale,
			...(days ? { forecast: forecast.slice(0, days).filter((day) => day !== null) } : {}),
		};
	},
});
