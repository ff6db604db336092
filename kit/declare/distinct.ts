import { type Declaration, routesOf, targetsOf } from './declare.ts';

/** Thrown when two functions claim the same name or public path. */
export class Conflict extends Error {
	override name = 'Conflict';
	/** The names of the function that came first, and of the other. */
	readonly functions: readonly [string, string];

	constructor(first: string, second: string, claim: string) {
		super(`The functions "${first}" and "${second}" both claim ${claim}. Choose another name or path for one of them.`);
		this.functions = [first, second];
	}
}

/**
 * Returns the functions of a shop. No two have the same name, Service or public path, and no path of one is below a path of
 * another, because the gateway would send the requests of one to the other.
 * @throws {Conflict} that names both functions
 */
export function distinct(functions: readonly Declaration[]): readonly Declaration[] {
	const services = new Map<string, string>();
	const routes = new Map<string, string>();
	for (const fn of functions) {
		for (const service of new Set([fn.name, ...targetsOf(fn).map(({ name }) => name)])) {
			const other = services.get(service);
			if (other !== undefined) throw new Conflict(other, fn.name, `the name "${service}"`);
			services.set(service, fn.name);
		}
		const own = routesOf(fn);
		for (const route of own)
			for (const [taken, other] of routes)
				if (`${route}/`.startsWith(`${taken}/`) || taken.startsWith(`${route}/`))
					throw new Conflict(other, fn.name, taken === route ? `the path ${route}` : `the paths ${taken} and ${route}`);
		for (const route of own) routes.set(route, fn.name);
	}
	return functions;
}
