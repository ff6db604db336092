import { type Variable, variablesOf } from './config.ts';
import { type Declaration, routesOf, type Target, targetsOf } from './declare.ts';

/** Where the parts of the shop are reached: the one thing that differs between laptop and cluster. */
export interface Place {
	/** The base URL of a Service: `http://books.bodega.svc.cluster.local`. */
	readonly url: (service: string) => string;
	/** The Broker's ingress. */
	readonly sink: string;
}

/** The variables whose values are secret; on a cluster they come from Secrets. */
const secret: readonly Variable[] = ['DATABASE_URL', 'ADMIN_TOKEN'];

/** The variables of a function that are secret. */
export const secretsOf = (declaration: Declaration): Variable[] =>
	variablesOf(declaration).filter((name) => secret.includes(name));

/** The environment of a target, but for its secrets: derived from the declarations, the same on laptop and cluster. */
export function environmentOf(target: Target, functions: readonly Declaration[], place: Place): Record<string, string> {
	const { declaration } = target;
	const values: Partial<Record<Variable, () => unknown>> = {
		FUNCTION_TARGET: () => target.name,
		K_SINK: () => place.sink,
		FUNCTION_URLS: () => Object.fromEntries(Object.keys(declaration.calls).map((name) => [name, place.url(name)])),
		ROUTES: () =>
			Object.fromEntries(functions.flatMap((fn) => routesOf(fn).map((route) => [route, place.url(fn.name)]))),
		FUNCTIONS: () =>
			functions.flatMap((fn) =>
				targetsOf(fn).map(({ name, signature }) => ({ name, function: fn.name, purpose: fn.purpose, signature })),
			),
	};
	const derived = Object.fromEntries(
		variablesOf(declaration).flatMap((name) => {
			const value = values[name]?.();
			return value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
		}),
	);
	// In production the framework keeps a thrown message to itself. Whoever calls over HTTP must not see it; a Broker should,
	// for it becomes the dead letter's error.
	return target.signature === 'http' ? { ...derived, NODE_ENV: 'production' } : derived;
}
