import { setTimeout as after } from 'node:timers/promises';
import type { Target } from '../../kit/declare/declare.ts';
import { Admission } from '../../kit/net/admission.ts';
import { InstanceHistory } from '../../kit/serve/instance-history.ts';
import type { ServicePlan } from '../plan.ts';
import { Restarts } from '../restarts.ts';
import { Idling } from './idling.ts';
import { Instance } from './instance.ts';
import { limitsOn, type Scaling, type ScalingLimits } from './scaling.ts';
import { Traffic } from './traffic.ts';

interface ServiceOptions {
	readonly plan: ServicePlan;
	readonly bundle: string;
	/** Number of CPU cores, an upper limit for the instances. */
	readonly cores: number;
	/** Milliseconds without requests after which an instance is stopped, until `scale` changes that. */
	readonly idle: number;
	/** Milliseconds for an instance to start. */
	readonly patience?: number;
	/** Whether there is no bundle yet, because its build failed. */
	readonly unbuilt?: boolean;
	readonly log: (line: string) => void;
}

/** The most exchanges of one Service in parallel, waiting ones included. A laptop has one client for all of them. */
const places = { all: 1_000, client: 1_000 };
/** Milliseconds for an instance to finish when the shop closes. */
const closing = 800;
/** Milliseconds for a terminating instance to finish, like the `timeoutSeconds` of a Knative revision. */
const termination = 300_000;

/**
 * The instances of one target, scaled like Knative's autoscaler: from zero at the first request, which waits; up when
 * all instances have reached their target concurrency; back to zero after a time without requests.
 */
export class Service {
	readonly name: string;
	readonly signature: Target['signature'];
	readonly #options: ServiceOptions;
	#scaling: Omit<Scaling, 'idle'>;
	readonly #idling: Idling;
	/** All processes, including starting and terminating ones. */
	readonly #living = new Set<Instance>();
	readonly #history = new InstanceHistory();
	#instances: Instance[] = [];
	#starting: Promise<Instance> | undefined;
	#overrides: Readonly<Record<string, string>> = {};
	readonly #restarts = new Restarts();
	#closed = false;
	/** Whether the bundle's first build failed, so that there is no code to run. */
	#unbuilt: boolean;
	/** Requests wait for this promise while the bundle is built. */
	#held: Promise<unknown> = Promise.resolve();
	/** Number of completed requests; a change means that their effects are visible. */
	requests = 0;
	readonly traffic: Traffic;
	readonly admission = new Admission({ streams: places, uploads: places, requests: places });

	constructor(options: ServiceOptions) {
		const { target, env } = options.plan;
		this.name = target.name;
		this.signature = target.signature;
		this.#options = options;
		this.#unbuilt = options.unbuilt ?? false;
		const { max, concurrency } = target.declaration.scale;
		this.#scaling = { concurrency, max: Math.max(1, Math.min(max, options.cores)) };
		this.#idling = new Idling(options.idle, (instance) => void this.#stop(instance));
		this.traffic = new Traffic(env['K_REVISION'] ?? this.name, this.name);
		this.#history.count(0);
	}

	get instances(): number {
		return this.#instances.length;
	}

	/** Counts the processes as an autoscaler counts Pods. */
	get pods(): { count: number; desired: number; pending: number; terminating: number } {
		const pending = this.#starting ? 1 : 0;
		const count = this.instances;
		return { count, desired: count + pending, pending, terminating: this.#living.size - count - pending };
	}

	get state(): 'zero' | 'starting' | 'ready' {
		return this.#instances.length ? 'ready' : this.#starting ? 'starting' : 'zero';
	}

	get history(): ReturnType<InstanceHistory['told']> {
		return this.#history.told();
	}

	get scaling(): Scaling & { readonly limits: ScalingLimits } {
		return { idle: this.#idling.time / 1000, ...this.#scaling, limits: limitsOn(this.#options.cores) };
	}

	/** Changes how it scales, immediately: stops the instances that are idle for too long, or too many. */
	scale({ idle, ...scaling }: Scaling): void {
		this.#scaling = scaling;
		this.#stopSurplus();
		this.#idling.time = idle * 1000;
	}

	#stopSurplus(): void {
		const byLoad = this.#instances.toSorted((a, b) => b.running - a.running);
		for (const instance of byLoad.slice(this.#scaling.max)) void this.#stop(instance);
	}

	get pids(): number[] {
		return this.#instances.flatMap(({ pid }) => pid ?? []);
	}

	/**
	 * Assigns a request to an instance: the busiest with free capacity, so that the others can go idle, or else the
	 * least busy. Starts an instance if there is none, and waits for it. The caller must call `release`.
	 * @throws {Error} when no instance can start.
	 */
	async acquire(): Promise<Instance> {
		for (;;) {
			await this.#built();
			if (this.#closed) throw new Error('the shop is closing');
			if (this.#unbuilt) throw new Error('its build failed, for the reason that the terminal of the shop shows');
			const instance = this.#choose();
			if (instance) {
				instance.running += 1;
				this.#idling.disturb(instance);
				return instance;
			}
			await this.#start();
		}
	}

	/** Starts an instance if there is none, for a request that is on its way and that will report a failure. */
	wake(): void {
		if (this.#instances.length || this.#closed || this.#unbuilt) return;
		void this.#built().then(() => {
			if (!this.#instances.length) this.#start().catch(() => {});
		});
	}

	async #built(): Promise<void> {
		// Another build can begin during the wait.
		let held: unknown;
		while (held !== this.#held) {
			held = this.#held;
			await held;
		}
	}

	#choose(): Instance | undefined {
		const byLoad = this.#instances.toSorted((a, b) => b.running - a.running);
		const roomy = byLoad.find(({ running }) => running < this.#scaling.concurrency);
		if (!roomy && byLoad.length > 0 && byLoad.length < this.#scaling.max) this.#start().catch(() => {});
		return roomy ?? byLoad.at(-1);
	}

	release(instance: Instance): void {
		this.requests += 1;
		instance.running -= 1;
		if (instance.running === 0) this.#idling.rest(instance);
	}

	#start(): Promise<Instance> {
		if (this.#starting) return this.#starting;
		const starting = this.#launch().finally(() => {
			if (this.#starting === starting) this.#starting = undefined;
		});
		this.#starting = starting;
		return starting;
	}

	async #launch(): Promise<Instance> {
		const wait = this.#restarts.left;
		if (wait > 0) {
			// A first crash or two is worth waiting for. After more, requests fail instead of starting a process each.
			if (wait > 2_000)
				throw new Error(`it keeps crashing; next attempt in ${Math.ceil(wait / 1000)} s, see its log for the reason`);
			await after(wait);
		}
		if (this.#closed) throw new Error('the shop is closing');
		const { bundle, plan, patience, log } = this.#options;
		const instance = new Instance({
			bundle,
			env: { ...plan.env, ...this.#overrides },
			internet: plan.target.declaration.internet,
			...(patience === undefined ? {} : { patience }),
			log,
		});
		this.#living.add(instance);
		void instance.exited.then(() => this.#exited(instance));
		this.#history.started(await instance.ready);
		if (!instance.stopping) {
			this.#list([...this.#instances, instance]);
			this.#idling.rest(instance);
			this.#stopSurplus(); // The maximum can have changed during the start.
		}
		return instance;
	}

	#list(instances: Instance[]): void {
		this.#instances = instances;
		this.#history.count(instances.length);
	}

	#exited(instance: Instance): void {
		this.#idling.disturb(instance);
		this.#living.delete(instance);
		this.#list(this.#instances.filter((other) => other !== instance));
		if (instance.stopping || this.#closed) return;
		const wait = this.#restarts.ended(performance.now() - instance.startedAt);
		this.#options.log(JSON.stringify({ severity: 'ERROR', message: `crashed; restarting in ${wait} ms` }));
		setTimeout(() => {
			if (!this.#closed && !this.#instances.length) this.#start().catch(() => {});
		}, wait).unref();
	}

	/**
	 * Removes an instance from the list immediately, so that it gets no new requests, and ends it when it has finished
	 * its requests and publications. A broken consumer can delay a publication for minutes; Kubernetes waits as long.
	 */
	async #stop(instance: Instance, patience = termination): Promise<void> {
		this.#idling.disturb(instance);
		this.#list(this.#instances.filter((other) => other !== instance));
		await instance.stop(patience);
	}

	/** Delays requests until `built` settles. */
	hold(built: Promise<unknown>): void {
		this.#held = built.catch(() => {});
	}

	/** Lets the running instances finish, and starts a new one at the next request, like a new revision. */
	replace(): void {
		this.#unbuilt = false;
		this.#restarts.reset();
		for (const instance of this.#instances) void this.#stop(instance);
		this.#starting?.then((instance) => this.#stop(instance)).catch(() => {});
		this.#starting = undefined;
	}

	/** Sets variables on top of the planned environment and replaces the instances, like `kubectl set env`. */
	setEnvironment(overrides: Readonly<Record<string, string>>): void {
		this.#overrides = overrides;
		this.replace();
	}

	async close(): Promise<void> {
		this.#closed = true;
		await Promise.all([...this.#living].map((instance) => this.#stop(instance, closing)));
	}
}
