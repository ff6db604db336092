import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { dist } from '../../build/esbuild.ts';
import { printLine } from '../output.ts';
import type { Inspected, ServicePlan } from '../plan.ts';
import { listenFor } from '../service/activator.ts';
import { termination } from '../service/instance.ts';
import { Service } from '../service/service.ts';
import type { wakerOf } from '../service/waking.ts';

interface ServicesOptions {
	/** Milliseconds without requests after which an instance is stopped. */
	readonly idle: number;
	readonly inspected: Inspected;
}

/** The Services of the shop, and their addresses within it. */
export class Services {
	readonly byName = new Map<string, Service>();
	readonly #options: ServicesOptions;
	/** The plan of each service as a text, to see what has changed. */
	readonly #plans = new Map<string, string>();
	readonly #addresses = new Map<string, Awaited<ReturnType<typeof listenFor>>>();
	#overrides: Readonly<Record<string, string>> = {};
	/** Wakes what a request will reach. The gateway can get it on a connection of its own. */
	wake: ReturnType<typeof wakerOf> = () => {};

	constructor(options: ServicesOptions) {
		this.#options = options;
	}

	/** Opens an address for each Service that has none. Functions, broker and pings need each other's before any of them starts. */
	async reserve(names: readonly string[]): Promise<void> {
		for (const name of names)
			if (!this.#addresses.has(name))
				this.#addresses.set(
					name,
					await listenFor(
						() => this.byName.get(name),
						(req) => this.wake(req),
					),
				);
	}

	readonly url = (name: string): string => this.#addresses.get(name)?.url ?? '';

	get urls(): Record<string, string> {
		return Object.fromEntries([...this.#addresses].map(([name, { url }]) => [name, url]));
	}

	/** Sets variables on top of the planned environment of all Services, also of those that are added later. */
	setEnvironment(overrides: Readonly<Record<string, string>>): void {
		this.#overrides = overrides;
		for (const service of this.byName.values()) service.setEnvironment(overrides);
	}

	/** Makes all requests wait for `work`. */
	hold(work: Promise<unknown>): void {
		for (const service of this.byName.values()) service.hold(work);
	}

	/**
	 * Adds the Services that have no plan yet, changes those that have another, and removes the others, which finish their requests.
	 * @param unbuilt the functions without a bundle
	 */
	run(
		plans: readonly ServicePlan[],
		unbuilt: ReadonlySet<string>,
	): { added: string[]; changed: string[]; removed: string[] } {
		const wanted = new Map(plans.map((plan) => [plan.target.name, plan]));
		const removed = [...this.byName.keys()].filter((name) => !wanted.has(name));
		for (const name of removed) this.#remove(name);
		const added = [...wanted.keys()].filter((name) => !this.byName.has(name));
		const changed = [...wanted].filter(([name, plan]) => textOf(plan) !== (this.#plans.get(name) ?? textOf(plan)));
		for (const [name, plan] of changed) this.byName.get(name)?.update(plan);
		for (const name of added) this.#add(wanted.get(name) as ServicePlan, unbuilt);
		for (const [name, plan] of wanted) this.#plans.set(name, textOf(plan));
		return { added, changed: changed.map(([name]) => name), removed };
	}

	#add(plan: ServicePlan, unbuilt: ReadonlySet<string>): void {
		const { name, declaration } = plan.target;
		const service = new Service({
			plan,
			program: join(dist, declaration.name, 'start.cjs'),
			cores: availableParallelism(),
			idle: this.#options.idle,
			log: (line) => printLine(name, line),
			unbuilt: unbuilt.has(declaration.name),
			inspected: this.#options.inspected.has(name),
		});
		service.setEnvironment(this.#overrides);
		this.byName.set(name, service);
	}

	#remove(name: string): void {
		void this.byName.get(name)?.close(termination);
		this.#addresses.get(name)?.server.close();
		for (const each of [this.byName, this.#addresses, this.#plans]) each.delete(name);
	}

	/** Ends all instances, so that waiting requests get their answers. */
	async close(): Promise<void> {
		await Promise.all([...this.byName.values()].map((service) => service.close()));
	}

	closeAddresses(): void {
		for (const { server } of this.#addresses.values()) server.close();
	}
}

/** Everything about a plan that its instances or its scale depend on. */
const textOf = ({ target: { declaration }, env }: ServicePlan): string =>
	JSON.stringify([env, declaration.scale, declaration.internet]);
