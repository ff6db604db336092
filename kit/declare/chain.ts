import type { EventType } from '../../eventing/catalog/catalog.ts';
import type { Method, Operation } from './contract.ts';
import { type Declaration, eventsTarget } from './declare.ts';
import { templateOf } from './path.ts';

/** The variable with which the operator turns waking ahead `off`, to show how cold starts follow one another. */
export const wakeAhead = 'WAKE_AHEAD';

/** Whether functions are woken ahead: unless the variable is `off`. @throws {Error} when it is neither `on` nor `off` */
export function wakesAhead(env: NodeJS.ProcessEnv = {}): boolean {
	const value = env[wakeAhead] || 'on';
	if (value !== 'on' && value !== 'off')
		throw new Error(`${wakeAhead} is ${JSON.stringify(value)}; expected on or off`);
	return value === 'on';
}

/**
 * Returns the Services that a request for an operation reaches after the function itself, by the declarations: those that it
 * calls, and those that react to its events, to the events of these reactions, and so on. A request that is refused
 * reaches none of them.
 */
export function chainOf({ calls = [], emits = [] }: Operation, functions: readonly Declaration[]): string[] {
	const types = new Set<EventType>(emits);
	const reached = new Set<string>(calls);
	// A set also iterates over what is added meanwhile.
	for (const type of types)
		for (const fn of functions) {
			if (!fn.reacts.includes(type)) continue;
			reached.add(eventsTarget(fn.name));
			for (const next of emittedByReactions(fn)) types.add(next);
		}
	return [...reached];
}

/** Returns the types of events that the reactions of a function emit: those that no operation of it declares. */
function emittedByReactions({ emits, api }: Declaration): EventType[] {
	const byOperations = new Set(Object.values(api?.operations ?? {}).flatMap((operation) => operation.emits ?? []));
	return emits.filter((type) => !byOperations.has(type));
}

/** An operation that reaches other Services. */
export interface Chain {
	readonly method: Method;
	/** Its path as a template: `/api/orders/:id`. */
	readonly path: string;
	/** A regular expression for its path, also below the aliases of the function. */
	readonly pattern: string;
	readonly services: string[];
}

/** Returns the chains of the operations of some functions. */
export const chainsOf = (of: readonly Declaration[], functions: readonly Declaration[]): Chain[] =>
	of.flatMap(({ api, aliases }) =>
		Object.values(api?.operations ?? {}).flatMap((operation) => {
			const services = chainOf(operation, functions);
			if (!api || !services.length) return [];
			const below = templateOf('', operation.path);
			const pattern = `^(${[api.base, ...aliases].join('|')})${below.replace(/:\w+/g, '[^/]+')}/?$`;
			return { method: operation.method, path: `${api.base}${below}`, pattern, services };
		}),
	);
