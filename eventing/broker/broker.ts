import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inUrl, isLocal } from '../../kit/net/host.ts';
import { Places } from '../../kit/net/places.ts';
import { createClient } from './delivery/post.ts';
import { createIngress } from './ingress.ts';
import { consoleLog, type Log } from './log.ts';
import { type Brokers, readBrokers } from './manifest/manifest.ts';
import { Refusals } from './refusals.ts';

export interface BrokerOptions {
	/** Paths of manifests, or brokers already read from them. */
	manifests: readonly string[] | Brokers;
	/** Address to listen on. Default: 127.0.0.1. */
	host?: string;
	/** Port to listen on; 0 picks a free one. */
	port: number;
	/** Bounds that differ from the defaults. */
	bounds?: Partial<Bounds>;
	/** Receives failed attempts, dead letters and rejected events. Default: standard output. */
	log?: Log;
}

/** The broker's bounds. Knative has none, and runs out of memory instead; a laptop's memory is shared. */
interface Bounds {
	/** The most bytes of all events in memory. */
	readonly memory: number;
	/** The most events in delivery. Further ones get 503. */
	readonly events: number;
	/** The most deliveries of one trigger in progress. Further events for it get 503, and other triggers go on. */
	readonly deliveries: number;
}

const defaults: Bounds = { memory: 256 * 1024 * 1024, events: 4_000, deliveries: 1_000 };

export interface RunningBroker {
	/** Base URL of the server; a broker's address is `<url>/<namespace>/<name>`. */
	readonly url: string;
	readonly brokers: Brokers;
	/** Deliveries in progress keep their old brokers and triggers. @throws ManifestError, and nothing changes. */
	reload(manifests: readonly string[] | Brokers): void;
	/** Stops accepting events, waits up to `grace` milliseconds (2000) for deliveries in progress, then aborts them. */
	close(grace?: number): Promise<void>;
}

const brokersFrom = (manifests: readonly string[] | Brokers): Brokers =>
	manifests instanceof Map ? manifests : readBrokers([...(manifests as readonly string[])]);

/**
 * Serves the Brokers and Triggers of the given manifests under the data-plane contract of Knative's default broker.
 * Events are held in memory, and a publisher gets its response only when every delivery has ended.
 * @throws ManifestError if a manifest is invalid; the system's error if it cannot listen (EADDRINUSE).
 */
export async function startBroker({
	manifests,
	host = '127.0.0.1',
	port,
	bounds = {},
	log = consoleLog,
}: BrokerOptions): Promise<RunningBroker> {
	let brokers = brokersFrom(manifests);
	let url = '';
	const client = createClient();
	const stop = new AbortController();
	const { memory, events, deliveries: most } = { ...defaults, ...bounds };
	const deliveries = new Places({ all: Number.POSITIVE_INFINITY, client: most });
	const route = { brokers: () => brokers, url: () => url, client, deliveries, refusals: new Refusals(log), log };
	const local = isLocal(inUrl(host));
	const server = createIngress(route, stop.signal, { memory, events, local });
	await once(server.listen(port, host), 'listening');
	const { address, port: bound } = server.address() as AddressInfo;
	url = `http://${inUrl(address)}:${bound}`;
	const drain = async (): Promise<void> => {
		await new Promise<void>((resolve) => server.close(() => resolve()));
		await client.close();
	};
	let closed: Promise<void> | undefined;
	return {
		url,
		get brokers() {
			return brokers;
		},
		reload(changed) {
			brokers = brokersFrom(changed);
		},
		async close(grace = 2000) {
			closed ??= drain();
			const overdue = setTimeout(() => {
				stop.abort(new Error('the broker stopped'));
				server.closeAllConnections();
			}, grace);
			await closed;
			clearTimeout(overdue);
		},
	};
}
