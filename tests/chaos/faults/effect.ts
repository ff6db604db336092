import { functions } from '../../../functions/index.ts';
import { type Declaration, type Target, targetsOf } from '../../../kit/declare/declare.ts';

/** The names of the functions that a fault affects. */
export interface Effect {
	/** Their requests can fail. */
	readonly http: readonly string[];
	/** Their handling of events can fail. */
	readonly events: readonly string[];
}

const namesOf = (found: readonly Declaration[]): string[] => found.map(({ name }) => name);
const withCallers = (names: readonly string[]): string[] =>
	namesOf(functions.filter(({ name, calls }) => [name, ...Object.keys(calls)].some((each) => names.includes(each))));

export const everyTarget: readonly Target[] = functions.flatMap(targetsOf);

/** The names of the Knative Services, as victims. */
export const services: readonly string[] = everyTarget.map(({ name }) => name);

/** Returns a Service, or the next one of the list, that has instances. */
export function awakeFrom(service: string, hasInstances: (name: string) => boolean): string | undefined {
	const first = services.indexOf(service);
	return [...services.slice(first), ...services.slice(0, first)].find(hasInstances);
}

/** Publishing happens in the background, and a rebuild lets requests wait: neither is allowed to fail anything. */
export const nothing: Effect = { http: [], events: [] };
export const everything: Effect = { http: namesOf(functions), events: namesOf(functions) };
/** Every request goes through the gateway. */
export const requests: Effect = { http: everything.http, events: [] };

/** An instance of a Knative Service fails, and with it the requests of the functions that call it. */
export function ofTarget(name: string): Effect {
	const target = everyTarget.find((each) => each.name === name);
	if (!target) return nothing;
	const { declaration, signature } = target;
	if (signature === 'cloudevent') return { http: [], events: [declaration.name] };
	return declaration.role === 'gateway' ? requests : { http: withCallers([declaration.name]), events: [] };
}

/** A function fails in both of its targets. */
export const ofFunction = (name: string): Effect => ({ http: ofTarget(name).http, events: [name] });

/** The functions with data, which the database's faults hit. */
export const withData: readonly string[] = namesOf(functions.filter(({ data }) => data));
export const ofDatabase: Effect = { http: withCallers(withData), events: withData };
