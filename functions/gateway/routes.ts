import { urlToHttpOptions } from 'node:url';
import { json } from '../../kit/declare/config.ts';
import type { Route as Configured } from '../../kit/declare/environment.ts';
import type { Hop } from '../../kit/net/forward.ts';
import type { Context } from '../../kit/serve/context.ts';

export interface Route {
	readonly prefix: string;
	readonly bodyLimit: number;
	readonly to: Pick<Hop, 'protocol' | 'hostname' | 'port'>;
	/** The Host header for the function. */
	readonly host: string;
}

/** Maps public paths to functions, as configured by the gateway's ROUTES variable. */
export class Routes {
	readonly #routes: readonly Route[];

	/** @throws {TypeError} when a route's URL is invalid */
	constructor({ config }: Context) {
		const routes = json<Record<string, Configured>>('ROUTES', config.env) ?? {};
		this.#routes = Object.entries(routes)
			.map(([prefix, { url, bodyLimit }]) => {
				const { protocol, hostname, port } = urlToHttpOptions(new URL(url));
				return { prefix, bodyLimit, to: { protocol, hostname, port }, host: new URL(url).host };
			})
			.sort((a, b) => b.prefix.length - a.prefix.length);
	}

	/** Returns the route with the longest matching prefix, or undefined if none matches. */
	find(pathname: string): Route | undefined {
		return this.#routes.find(
			({ prefix }) =>
				pathname.startsWith(prefix) && (pathname.length === prefix.length || pathname[prefix.length] === '/'),
		);
	}

	get prefixes(): string[] {
		return this.#routes.map(({ prefix }) => prefix).sort();
	}
}
