import { json } from '../../kit/declare/config.ts';
import type { Route } from '../../kit/declare/environment.ts';
import type { Context } from '../../kit/serve/context.ts';

/** Maps public paths to functions, as configured by the gateway's ROUTES variable. */
export class Routes {
	readonly #routes: readonly (readonly [prefix: string, route: Route])[];

	constructor({ config }: Context) {
		const routes = json<Record<string, Route>>('ROUTES', config.env) ?? {};
		this.#routes = Object.entries(routes).sort(([a], [b]) => b.length - a.length);
	}

	/** Returns the route with the longest matching prefix, or undefined if none matches. */
	find(pathname: string): Route | undefined {
		return this.#routes.find(([prefix]) => pathname === prefix || pathname.startsWith(`${prefix}/`))?.[1];
	}

	get prefixes(): string[] {
		return this.#routes.map(([prefix]) => prefix).sort();
	}
}
