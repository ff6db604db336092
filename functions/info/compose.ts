import { lookup } from 'node:dns/promises';
import { exchange } from '../../kit/net/exchange.ts';
import { InstanceHistory } from '../../kit/serve/instance-history.ts';
import { sumOf } from '../../kit/serve/outcomes.ts';
import type { Stats } from '../../kit/serve/server.ts';
import type { Observation, Platform } from './platform.ts';

/**
 * Observes the containers of Compose. Compose does not scale them and reports no states, so each container is queried.
 * The name of a service resolves to all its running containers.
 * @param targets the base URLs, by target
 */
export function compose(targets: Readonly<Record<string, string>>): Platform {
	const histories = new Map(Object.keys(targets).map((name) => [name, new InstanceHistory()]));
	let latest: { readonly at: number; readonly seen: Promise<ReadonlyMap<string, Observation>> } | undefined;

	const look = async (): Promise<ReadonlyMap<string, Observation>> => {
		const seen = await Promise.all(
			Object.entries(targets).map(async ([name, url]): Promise<[string, Observation]> => {
				const stats = await statsOf(new URL('/stats', url));
				const history = histories.get(name) as InstanceHistory;
				history.count(stats.length);
				return [
					name,
					{
						state: stats.length ? 'ready' : 'zero',
						instances: stats.length,
						requests: stats.reduce((sum, { requests }) => sum + requests, 0),
						...sumOf(stats),
						...history.told(),
					},
				];
			}),
		);
		return new Map(seen);
	};

	return {
		name: 'compose',
		observe() {
			// Query each container at most once a second, even for many pages.
			if (!latest || Date.now() - latest.at > 1000) latest = { at: Date.now(), seen: look() };
			return latest.seen;
		},
		versions: async () => ({ kubernetes: null, knative: null }),
	};
}

/** Returns the stats of each container of a service; omits containers that do not answer. */
async function statsOf(url: URL): Promise<Stats[]> {
	const addresses = await lookup(url.hostname, { all: true, family: 4 }).catch(() => []);
	const told = await Promise.allSettled(
		addresses.map(async ({ address }) => {
			const own = Object.assign(new URL(url), { hostname: address });
			const { text } = await exchange(own, { method: 'GET', limit: 500 });
			return JSON.parse(text) as Stats;
		}),
	);
	return told.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}
