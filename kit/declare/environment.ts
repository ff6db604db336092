import { attributeOf } from '../../eventing/catalog.ts';
import { triggersOf } from '../../eventing/delivery.ts';
import { settingsOf, tracingOf, type Variable, variablesOf } from './config.ts';
import { type Declaration, routesOf, type Target, targetsOf } from './declare.ts';

/** Where the parts of the shop are reached: the one thing that differs between laptop and cluster. */
export interface Place {
	/** The base URL of a Service: `http://books.bodega.svc.cluster.local`. */
	readonly url: (service: string) => string;
	/** The Broker's ingress. */
	readonly sink: string;
	/** The environment of whoever opens or deploys the shop: it holds the functions' settings and schedules. */
	readonly env?: NodeJS.ProcessEnv;
}

/** What is behind a public path, as the gateway is told it in `ROUTES`. */
export interface Route {
	/** The base URL of the function. */
	readonly url: string;
	/** The largest request body the function takes, in bytes. */
	readonly bodyLimit: number;
}

/** What a function is, as `info` is told it in `FUNCTIONS`. */
export interface Shape {
	readonly name: string;
	readonly purpose: string;
	readonly targets: readonly Pick<Target, 'name' | 'signature'>[];
	/** Its first public path, or null where it has no HTTP of its own. */
	readonly path: string | null;
	readonly data: boolean;
	readonly calls: string[];
	readonly emits: string[];
	readonly reacts: { readonly type: string; readonly trigger: string }[];
	readonly schedule: string | null;
	readonly dead_letters: boolean;
}

/** When a function's PingSource fires, as cron: the one declared, or `RELAY_SCHEDULE` for the function `relay`. */
export const scheduleOf = ({ name, schedule }: Declaration, env: NodeJS.ProcessEnv = {}): string | undefined =>
	schedule && (env[`${name.toUpperCase().replaceAll('-', '_')}_SCHEDULE`] || schedule);

function shapeOf(fn: Declaration, functions: readonly Declaration[], place: Place): Shape {
	const { name, purpose, emits, deadLetters, role } = fn;
	const routed = functions.filter((other) => routesOf(other).length > 0).map((other) => other.name);
	return {
		name,
		purpose,
		targets: targetsOf(fn).map((target) => ({ name: target.name, signature: target.signature })),
		path: routesOf(fn)[0] ?? null,
		data: fn.data !== undefined,
		calls: role === 'gateway' ? routed : Object.keys(fn.calls),
		emits: emits.map(attributeOf),
		reacts: triggersOf([fn]).map(({ type, name: trigger }) => ({ type: attributeOf(type), trigger })),
		schedule: scheduleOf(fn, place.env) ?? null,
		dead_letters: deadLetters,
	};
}

/** The environment of a target, but for `DATABASE_URL`, which is secret: derived from the declarations, the same on laptop and cluster. */
export function environmentOf(target: Target, functions: readonly Declaration[], place: Place): Record<string, string> {
	const { declaration } = target;
	const values: Partial<Record<Variable, () => unknown>> = {
		FUNCTION_TARGET: () => target.name,
		K_SINK: () => place.sink,
		FUNCTION_URLS: () => Object.fromEntries(Object.keys(declaration.calls).map((name) => [name, place.url(name)])),
		ROUTES: () =>
			Object.fromEntries(
				functions.flatMap((fn) =>
					routesOf(fn).map((path): [string, Route] => [path, { url: place.url(fn.name), bodyLimit: fn.bodyLimit }]),
				),
			),
		FUNCTIONS: () => functions.map((fn) => shapeOf(fn, functions, place)),
	};
	const derived = {
		...Object.fromEntries(
			variablesOf(declaration).flatMap((name) => {
				const value = values[name]?.();
				return value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
			}),
		),
		...Object.fromEntries(
			Object.entries(settingsOf(declaration, place.env ?? {})).map(([name, value]) => [name, String(value)]),
		),
		...tracingOf(place.env ?? {}),
	};
	// In production the framework keeps a thrown message to itself. Whoever calls over HTTP must not see it; a Broker should,
	// for it becomes the dead letter's error.
	return target.signature === 'http' ? { ...derived, NODE_ENV: 'production' } : derived;
}
