import { attributeOf } from '../../eventing/catalog/catalog.ts';
import { triggersOf } from '../../eventing/delivery.ts';
import { chainsOf, wakesAhead } from './chain.ts';
import { settingsOf, tracingOf, type Variable, variablesOf } from './config.ts';
import { type Declaration, routesOf, type Target, targetsOf } from './declare.ts';

/** The addresses of the shop's parts. Only they differ between laptop and cluster. */
export interface Addresses {
	/** The base URL of a Service: `http://books.bodega.svc.cluster.local`. */
	readonly url: (service: string) => string;
	readonly sink: string;
	/** The environment of the command that opens or deploys the shop. It holds the functions' settings and schedules. */
	readonly env?: NodeJS.ProcessEnv;
}

/** The function behind a public path, in the form that the gateway reads from `ROUTES`. */
export interface Route {
	readonly url: string;
	/** The largest request body that the function accepts, in bytes. */
	readonly bodyLimit: number;
}

/** The Services that a request wakes ahead, in the form that a function reads from `WAKES`. */
export interface Wake {
	readonly method: string;
	/** A regular expression for the path. */
	readonly pattern: string;
	readonly urls: readonly string[];
}

/** The description of a function, in the form that `info` reads from `FUNCTIONS`. */
export interface Shape {
	readonly name: string;
	readonly purpose: string;
	readonly targets: readonly Pick<Target, 'name' | 'signature'>[];
	/** Its first public path, or null if it has none. */
	readonly path: string | null;
	readonly data: boolean;
	readonly calls: string[];
	readonly emits: string[];
	readonly reacts: { readonly type: string; readonly trigger: string }[];
	/** The Services that each of its operations wakes ahead; empty if that is turned off. */
	readonly wakes: { readonly operation: string; readonly services: string[] }[];
	readonly schedule: string | null;
	readonly dead_letters: boolean;
}

/** Returns the name of the variable with a function's schedule: `RELAY_SCHEDULE` for `relay`. */
export const scheduleVariable = ({ name }: Declaration): string =>
	`${name.toUpperCase().replaceAll('-', '_')}_SCHEDULE`;

/** Returns the cron schedule of a function's PingSource: that of its variable, or the declared one. */
export const scheduleOf = (fn: Declaration, env: NodeJS.ProcessEnv = {}): string | undefined =>
	fn.schedule && (env[scheduleVariable(fn)] || fn.schedule);

function shapeOf(fn: Declaration, functions: readonly Declaration[], addresses: Addresses): Shape {
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
		wakes: wakesAhead(addresses.env)
			? chainsOf([fn], functions).map(({ method, path, services }) => ({ operation: `${method} ${path}`, services }))
			: [],
		schedule: scheduleOf(fn, addresses.env) ?? null,
		dead_letters: deadLetters,
	};
}

/**
 * Returns the variable with which a function on a cluster wakes others ahead. It has it if its network policy lets it send them
 * requests: the gateway for all functions, and a function that calls others for its own operations.
 */
export function wakesOf(
	{ signature, declaration }: Target,
	functions: readonly Declaration[],
	{ url, env }: Pick<Addresses, 'url' | 'env'>,
): Record<string, string> {
	const { role, calls } = declaration;
	if (signature !== 'http' || !wakesAhead(env)) return {};
	const of = role === 'gateway' ? functions : Object.keys(calls).length ? [declaration] : [];
	const chains = chainsOf(of, functions).map(
		({ method, pattern, services }): Wake => ({
			method,
			pattern,
			urls: services.map(url),
		}),
	);
	return chains.length ? { WAKES: JSON.stringify(chains) } : {};
}

/** Derives the environment of a target from the declarations, without `DATABASE_URL`, which is secret. */
export function environmentOf(
	target: Target,
	functions: readonly Declaration[],
	addresses: Addresses,
): Record<string, string> {
	const { declaration } = target;
	const values: Partial<Record<Variable, () => unknown>> = {
		FUNCTION_TARGET: () => target.name,
		K_SINK: () => addresses.sink,
		FUNCTION_URLS: () => Object.fromEntries(Object.keys(declaration.calls).map((name) => [name, addresses.url(name)])),
		ROUTES: () =>
			Object.fromEntries(
				functions.flatMap((fn) =>
					routesOf(fn).map((path): [string, Route] => [path, { url: addresses.url(fn.name), bodyLimit: fn.bodyLimit }]),
				),
			),
		FUNCTIONS: () => functions.map((fn) => shapeOf(fn, functions, addresses)),
	};
	return {
		...Object.fromEntries(
			variablesOf(declaration).flatMap((name) => {
				const value = values[name]?.();
				return value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
			}),
		),
		...Object.fromEntries(
			Object.entries(settingsOf(declaration, addresses.env ?? {})).map(([name, value]) => [name, String(value)]),
		),
		...tracingOf(addresses.env ?? {}),
	};
}
