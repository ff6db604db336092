import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { startPings } from '../../eventing/broker/ping.ts';
import { type Declaration, targetsOf, withRole } from '../../kit/declare/declare.ts';
import type { Addresses } from '../../kit/declare/environment.ts';
import { type Front, routeByHost } from '../front.ts';
import { type Inspected, type Provided, planPings, planServices, planTriggers } from '../plan.ts';
import type { Service } from '../service/service.ts';
import { wakerOf } from '../service/waking.ts';
import { Services } from './services.ts';

interface DeclaredOptions {
	/** The URL of the Broker. */
	readonly sink: string;
	/** The file of the Broker's manifests. The broker reads it again when it changes. */
	readonly manifests: string;
	/** Milliseconds without requests after which an instance is stopped. */
	readonly idle: number;
	readonly inspected: Inspected;
}

/** The parts of the open shop that follow from the declarations: services, triggers, pings and routes. */
export class Declared {
	readonly services: Services;
	readonly #options: DeclaredOptions;
	readonly #addresses: Addresses;
	#pings: ReturnType<typeof startPings> | undefined;

	constructor(options: DeclaredOptions) {
		this.#options = options;
		this.services = new Services(options);
		// The front and the gateway are two proxies.
		const env = { TRUSTED_PROXIES: '2', ...process.env };
		this.#addresses = { url: this.services.url, sink: options.sink, env };
	}

	/** Opens the addresses of the functions. */
	async reserve(functions: readonly Declaration[]): Promise<void> {
		await this.services.reserve(functions.flatMap(targetsOf).map(({ name }) => name));
	}

	/** Writes the manifests for the broker, if they change. Call `reserve` before. */
	subscribe(functions: readonly Declaration[]): void {
		const { manifests, inspected } = this.#options;
		const text = planTriggers(functions, this.#addresses, inspected);
		if (!existsSync(manifests) || readFileSync(manifests, 'utf8') !== text) writeFileSync(manifests, text);
	}

	/**
	 * Runs these functions from now on. Call `reserve` before.
	 * @param unbuilt the functions without a bundle
	 * @throws {Error} when a setting or a schedule is invalid. Nothing has changed then
	 */
	run(
		functions: readonly Declaration[],
		provided: Provided,
		unbuilt: ReadonlySet<string> = new Set(),
	): ReturnType<Services['run']> {
		const plans = planServices(functions, this.#addresses, provided, this.#options.inspected);
		const pings = startPings(planPings(functions, this.#addresses));
		this.#pings?.stop();
		this.#pings = pings;
		return this.services.run(plans, unbuilt);
	}

	/** Returns how the shop's public port answers. */
	route(functions: readonly Declaration[], metrics: () => Promise<string>): Front {
		const { byName } = this.services;
		const wake = wakerOf(functions, byName, process.env);
		const front = routeByHost(byName, byName.get(withRole('gateway', functions).name) as Service, metrics);
		this.services.wake = wake;
		return {
			...front,
			listener: (req, res) => {
				wake(req);
				return front.listener(req, res);
			},
		};
	}

	stopPings(): void {
		this.#pings?.stop();
	}
}
