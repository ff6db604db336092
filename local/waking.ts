import type { IncomingMessage } from 'node:http';
import { chainsOf, wakesAhead } from '../kit/declare/chain.ts';
import { type Declaration, routesOf, withRole } from '../kit/declare/declare.ts';
import type { Service } from './service/service.ts';

/**
 * Returns a function that wakes the Services that a public request will reach: the one behind its path, and those that its
 * operation reaches. On a cluster the gateway wakes these (kit/serve/waking.ts), but it is asleep itself at first. Here the
 * shop receives each request before the gateway does, so even the gateway's cold start happens at the same time.
 * @param cores how many start at once: more than that would delay those that are needed first
 */
export function wakesOf(
	functions: readonly Declaration[],
	services: ReadonlyMap<string, Service>,
	env: NodeJS.ProcessEnv,
	cores: number,
): (request: Pick<IncomingMessage, 'method' | 'url'>) => void {
	if (!wakesAhead(env)) return () => {};
	const gateway = withRole('gateway', functions).name;
	const routes = functions.flatMap((fn) => {
		const chains = chainsOf([fn], functions).map((chain) => ({ ...chain, pattern: new RegExp(chain.pattern) }));
		return routesOf(fn).map((prefix) => ({ prefix, name: fn.name, chains }));
	});
	return ({ method, url = '' }) => {
		const [path = ''] = url.split('?', 1);
		const route = routes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
		if (!route) return;
		const reached = route.chains.filter((chain) => chain.method === method && chain.pattern.test(path));
		const names = [gateway, route.name, ...reached.flatMap((chain) => chain.services)];
		const asleep = names.flatMap((name) => services.get(name) ?? []).filter(({ state }) => state === 'zero');
		const next = async (): Promise<void> => {
			for (let service = asleep.shift(); service; service = asleep.shift()) await service.wake();
		};
		for (let core = 0; core < cores; core += 1) void next();
	};
}
