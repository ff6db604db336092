import type { IncomingMessage } from 'node:http';
import { chainsOf, wakesAhead } from '../../kit/declare/chain.ts';
import { type Declaration, routesOf } from '../../kit/declare/declare.ts';
import type { Service } from './service.ts';

/**
 * Returns a function that wakes the Services that a public request will reach: the one behind its path, and those that its
 * operation reaches. On a cluster the gateway wakes these (kit/serve/waking.ts), but it is asleep itself at first. Here the
 * shop receives each request before the gateway does, so even the gateway's cold start happens at the same time.
 */
export function wakerOf(
	functions: readonly Declaration[],
	services: ReadonlyMap<string, Service>,
	env: NodeJS.ProcessEnv,
): (request: Pick<IncomingMessage, 'method' | 'url'>) => void {
	if (!wakesAhead(env)) return () => {};
	const routes = functions
		.flatMap((fn) => {
			const chains = chainsOf([fn], functions).map((chain) => ({ ...chain, pattern: new RegExp(chain.pattern) }));
			return routesOf(fn).map((prefix) => ({ prefix, name: fn.name, chains }));
		})
		// The longest prefix that matches decides, as in the gateway.
		.sort((a, b) => b.prefix.length - a.prefix.length);
	return ({ method, url = '' }) => {
		const [path = ''] = url.split('?', 1);
		const route = routes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
		if (!route) return;
		const reached = route.chains.filter((chain) => chain.method === method && chain.pattern.test(path));
		for (const name of [route.name, ...reached.flatMap((chain) => chain.services)]) services.get(name)?.wake();
	};
}
