import { setTimeout as after } from 'node:timers/promises';
import type { Target } from '../../kit/declare/declare.ts';
import { InstanceHistory } from '../../kit/serve/instance-history.ts';
import type { ServicePlan } from '../plan.ts';
import { Instance } from './instance.ts';
import { Traffic } from './traffic.ts';

export type State = 'zero' | 'starting' | 'ready';

export interface ServiceOptions {
	readonly plan: ServicePlan;
	readonly bundle: string;
	/** The most instances, whatever the declaration says: the machine's cores. */
	readonly cores: number;
	/** How long an instance may be without requests before it is stopped, in milliseconds. */
	readonly idle: number;
	readonly log: (line: string) => void;
}

/** Waits before a crashed instance is started again, in milliseconds: doubling from the first to the last. */
const backoff = { first: 250, last: 30_000 };
/** An instance that has lived this long was no failed start: the backoff begins anew. In milliseconds. */
const steady = 10_000;
/** How long an instance that is no longer wanted may take to finish, in milliseconds: a Knative revision's `timeoutSeconds`. */
const termination = 300_000;

/**
 * The instances of one target, as Knative's autoscaler would have them: none until the first request, which waits; more
 * when each has as many requests as it is meant to; none again after a while without any.
 */
export class Service {
	readonly name: string;
	readonly signature: Target['signature'];
	readonly #options: ServiceOptions;
	readonly #max: number;
	readonly #concurrency: number;
	readonly #idleTimers = new Map<Instance, NodeJS.Timeout>();
	/** Every process there is: those that start and those that finish, too. */
	readonly #living = new Set<Instance>();
	readonly #history = new InstanceHistory();
	#instances: Instance[] = [];
	#starting: Promise<Instance> | undefined;
	#overrides: Readonly<Record<string, string>> = {};
	#failures = 0;
	#retryAt = 0;
	#closed = false;
	/** While it holds, requests wait: its bundle is being built. */
	#held: Promise<unknown> = Promise.resolve();
	/** Those that are over: who sees the count change finds what they did. */
	requests = 0;
	readonly traffic: Traffic;

	constructor(options: ServiceOptions) {
		const { plan } = options;
		const { target } = plan;
		this.name = target.name;
		this.signature = target.signature;
		this.#options = options;
		this.#max = Math.max(1, Math.min(target.declaration.scale.max, options.cores));
		this.#concurrency = target.declaration.scale.concurrency;
		this.traffic = new Traffic(plan.env['K_REVISION'] ?? this.name, this.name);
		this.#history.count(0);
	}

	get instances(): number {
		return this.#instances.length;
	}

	/** Its processes as an autoscaler counts pods. */
	get pods(): { count: number; desired: number; pending: number; terminating: number } {
		const pending = this.#starting ? 1 : 0;
		const count = this.instances;
		return { count, desired: count + pending, pending, terminating: this.#living.size - count - pending };
	}

	get state(): State {
		return this.#instances.length ? 'ready' : this.#starting ? 'starting' : 'zero';
	}

	get history(): ReturnType<InstanceHistory['told']> {
		return this.#history.told();
	}

	get pids(): number[] {
		return this.#instances.flatMap(({ pid }) => pid ?? []);
	}

	/**
	 * Gives a request to an instance: the fullest that still has room, so that the others may go idle, or the least laden.
	 * Starts one where there is none, and waits for it. The caller gives it back with `release`.
	 * @throws {Error} when no instance can be started.
	 */
	async acquire(): Promise<Instance> {
		for (;;) {
			await this.#built();
			if (this.#closed) throw new Error('the shop is closing');
			const instance = this.#choose();
			if (instance) {
				instance.running += 1;
				clearTimeout(this.#idleTimers.get(instance));
				return instance;
			}
			await this.#start();
		}
	}

	async #built(): Promise<void> {
		// Another build may begin while one is waited for.
		let held: unknown;
		while (held !== this.#held) {
			held = this.#held;
			await held;
		}
	}

	#choose(): Instance | undefined {
		const byLoad = this.#instances.toSorted((a, b) => b.running - a.running);
		const roomy = byLoad.find(({ running }) => running < this.#concurrency);
		if (!roomy && byLoad.length > 0 && byLoad.length < this.#max) this.#start().catch(() => {});
		return roomy ?? byLoad.at(-1);
	}

	release(instance: Instance): void {
		this.requests += 1;
		instance.running -= 1;
		if (instance.running === 0) this.#rest(instance);
	}

	#rest(instance: Instance): void {
		clearTimeout(this.#idleTimers.get(instance));
		this.#idleTimers.set(
			instance,
			setTimeout(() => void this.#stop(instance), this.#options.idle),
		);
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
		const wait = this.#retryAt - Date.now();
		if (wait > 0) {
			// One that keeps crashing is not tried again for each request; but a first crash or two may be waited for.
			if (wait > 2_000)
				throw new Error(`it keeps crashing and is tried again in ${Math.ceil(wait / 1000)} s; its log says why`);
			await after(wait);
		}
		if (this.#closed) throw new Error('the shop is closing');
		const { bundle, plan, log } = this.#options;
		const instance = new Instance({ bundle, env: { ...plan.env, ...this.#overrides }, log });
		this.#living.add(instance);
		void instance.exited.then(() => this.#exited(instance));
		this.#history.started(await instance.ready);
		if (!instance.stopping) {
			this.#list([...this.#instances, instance]);
			this.#rest(instance);
		}
		return instance;
	}

	#list(instances: Instance[]): void {
		this.#instances = instances;
		this.#history.count(instances.length);
	}

	#exited(instance: Instance): void {
		clearTimeout(this.#idleTimers.get(instance));
		this.#idleTimers.delete(instance);
		this.#living.delete(instance);
		this.#list(this.#instances.filter((other) => other !== instance));
		if (instance.stopping || this.#closed) return;
		if (performance.now() - instance.startedAt > steady) this.#failures = 0;
		const wait = Math.min(backoff.first * 2 ** this.#failures, backoff.last);
		this.#failures += 1;
		this.#retryAt = Date.now() + wait;
		this.#options.log(JSON.stringify({ severity: 'ERROR', message: `crashed; it is started again in ${wait} ms` }));
		setTimeout(() => {
			if (!this.#closed && !this.#instances.length) this.#start().catch(() => {});
		}, wait).unref();
	}

	/**
	 * An instance leaves the list at once, so that no request reaches it, and ends when it has finished: its requests, and
	 * what it publishes, which a broken consumer may hold up for minutes (Kubernetes waits as long).
	 */
	async #stop(instance: Instance, patience = termination): Promise<void> {
		clearTimeout(this.#idleTimers.get(instance));
		this.#list(this.#instances.filter((other) => other !== instance));
		await instance.stop(patience);
	}

	/** Lets requests wait until `built` is settled, then serves them by new instances: a new revision. */
	hold(built: Promise<unknown>): void {
		this.#held = built.catch(() => {});
	}

	/** Leaves the running instances to finish; the next request starts a new one. */
	replace(): void {
		this.#failures = 0;
		this.#retryAt = 0;
		for (const instance of this.#instances) void this.#stop(instance);
		this.#starting?.then((instance) => this.#stop(instance)).catch(() => {});
		this.#starting = undefined;
	}

	/** Sets variables on top of the planned environment, as `kubectl set env` does, which makes a new revision. */
	setEnvironment(overrides: Readonly<Record<string, string>>): void {
		this.#overrides = overrides;
		this.replace();
	}

	/** Ends every instance, within seconds. */
	async close(): Promise<void> {
		this.#closed = true;
		await Promise.all([...this.#living].map((instance) => this.#stop(instance, 3_000)));
	}
}
