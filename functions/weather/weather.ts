import type { Context } from '../../kit/serve/context.ts';
import { recall } from './cache.ts';
import { away, type City, findCity, type Report, report } from './open-meteo.ts';

/** The time limit of a request in milliseconds; includes both calls to the provider and waiting for other instances. */
const patience = 5_000;

const minutes = 60;
const days = 86_400;

/** How long responses are fresh, in seconds. Cities do not move, but an unknown one can be added later. */
const fresh = { place: 30 * days, unknown: 10 * minutes, report: 10 * minutes };

/** The maximum age of stale weather that is still returned, in seconds. */
const oldest = 1 * days;

/** Returns the weather of a city, or undefined for an unknown city. @throws {Problem} 503 when the provider fails */
export async function find(
	context: Context,
	name: string,
): Promise<{ readonly city: City; readonly report: Report; readonly stale: boolean } | undefined> {
	const end = Date.now() + patience;
	const left = (): number => Math.max(0, end - Date.now());
	const { value: city } = await recall(context, `place ${name.toLowerCase()}`, left(), async () => {
		const value = await findCity(context, name, left());
		return { value, seconds: value ? fresh.place : fresh.unknown };
	});
	if (!city) return undefined;
	const { value, stale } = await recall(context, `report ${city.id}`, left(), async () => ({
		value: await report(context, city, left()),
		seconds: fresh.report,
	}));
	if (!value || (stale && Date.now() - Date.parse(value.observed_at) > oldest * 1000)) throw away();
	return { city, report: value, stale };
}
