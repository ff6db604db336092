import type { Socket } from 'node:net';
import type { Target } from '../../kit/declare/declare.ts';
import { Admission } from '../../kit/net/admission.ts';
import type { Connections } from '../../kit/net/connections.ts';
import { InstanceHistory } from '../../kit/serve/instance-history.ts';
import type { ServicePlan } from '../plan.ts';
import { Restarts } from '../restarts.ts';
import { Gate } from './gate.ts';
import { Instance, type Report } from './instance.ts';
import { Autoscaler } from './scaling/autoscaler.ts';
import type { Scaling } from './scaling/scaling.ts';
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

/**
 * The instances of one target, scaled like Knative's autoscaler: from zero at the first request, which waits; up when
 * all instances have reached their target concurrency; back to zero after a time without requests.
 */
export class Service {
	readonly name: string;
	readonly signature: Target['signature'];
	readonly #options: ServiceOptions;
	readonly #autoscaler: Autoscaler;
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
	readonly #gate = new Gate();
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
		const { scale } = target.declaration;
		this.#autoscaler = new Autoscaler({ ...options, scale, onIdle: (instance) => void this.#stop(instance) });
		this.traffic = new Traffic(env['K_REVISION'] ?? this.name, this.name);
		this.#history.count(0);
	}

	get instances(): number {
		return this.#instances.length;
	}

	/** Counts the processes as an autoscaler counts Pods. */
	get pods(): { count: number; desired: number; pending: number; terminating: number } {
		const [count, pending] = [this.instances, this.#starting ? 1 : 0];
		return { count, desired: count + pending, pending, terminating: this.#living.size - count - pending };
	}

	get state(): 'zero' | 'starting' | 'ready' {
		return this.#instances.length ? 'ready' : this.#starting ? 'starting' : 'zero';
	}

	/** Requests in progress that the activator does not see. */
	get direct(): number {
		return this.#instances.reduce((sum, { direct }) => sum + direct, 0);
	}

	get history(): ReturnType<InstanceHistory['told']> {
		return this.#history.told();
	}

	get scaling(): Autoscaler['scaling'] {
		return this.#autoscaler.scaling;
	}

	/** Changes how it scales, immediately: stops the instances that are idle for too long, or too many. */
	scale(scaling: Scaling): void {
		this.#autoscaler.scaling = scaling;
		this.#stopSurplus();
	}

	#stopSurplus(): void {
		for (const instance of this.#autoscaler.surplus(this.#instances)) void this.#stop(instance);
	}

	get pids(): number[] {
		return this.#instances.flatMap(({ pid }) => pid ?? []);
	}

	/**
	 * Assigns a request to an instance. Starts one if there is none, and waits for it. The caller must call `release`.
	 * @throws {Error} when no instance can start.
	 */
	async acquire(): Promise<Instance> {
		for (;;) {
			await this.#gate.passed();
			if (this.#closed) throw new Error('the shop is closing');
			if (this.#unbuilt) throw new Error('its build failed, for the reason that the terminal of the shop shows');
			if (this.#autoscaler.grows(this.#instances, 'load')) this.#start().catch(() => {});
			const instance = this.#autoscaler.choose(this.#instances);
			if (instance) {
				instance.running += 1;
				this.#autoscaler.watch(instance);
				return instance;
			}
			await this.#start();
		}
	}

	/** Starts an instance if there is none, for a request that is on its way and that will report a failure. */
	wake(): void {
		if (this.#instances.length || this.#closed || this.#unbuilt) return;
		void this.#gate.passed().then(() => {
			if (!this.#instances.length) this.#start().catch(() => {});
		});
	}

	release(instance: Instance): void {
		this.requests += 1;
		instance.running -= 1;
		this.#autoscaler.watch(instance);
	}

	/**
	 * Takes the activator out of the path of a connection, as Knative does for a Service that has capacity: an instance answers
	 * its next requests. Without an instance that takes it, the activator forwards them.
	 */
	passOn(socket: Socket, connections: Connections): void {
		if (this.#gate.isClosed || this.#closed) return;
		this.#autoscaler.choose(this.#instances)?.pass(socket, connections);
	}

	/** Counts the requests on the connections of an instance, and scales by them. */
	#reported(instance: Instance, { finished }: Report): void {
		this.requests += finished.length;
		this.traffic.reported(finished);
		if (!this.#instances.includes(instance)) return;
		this.#autoscaler.watch(instance);
		if (this.#autoscaler.grows(this.#instances, 'peak')) this.#start().catch(() => {});
		this.#autoscaler.balance(this.#instances);
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
		await this.#restarts.wait();
		if (this.#closed) throw new Error('the shop is closing');
		const { bundle, plan, patience, log } = this.#options;
		const instance: Instance = new Instance({
			bundle,
			env: { ...plan.env, ...this.#overrides },
			internet: plan.target.declaration.internet,
			...(patience === undefined ? {} : { patience }),
			log,
			reported: (report) => this.#reported(instance, report),
		});
		this.#living.add(instance);
		void instance.exited.then(() => this.#exited(instance));
		this.#history.started(await instance.ready);
		if (!instance.stopping) {
			this.#list([...this.#instances, instance]);
			this.#autoscaler.watch(instance);
			this.#stopSurplus(); // The maximum can have changed during the start.
		}
		return instance;
	}

	#list(instances: Instance[]): void {
		this.#instances = instances;
		this.#history.count(instances.length);
	}

	#exited(instance: Instance): void {
		this.#autoscaler.forget(instance);
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
	async #stop(instance: Instance, patience?: number): Promise<void> {
		this.#autoscaler.forget(instance);
		this.#list(this.#instances.filter((other) => other !== instance));
		await instance.stop(patience);
	}

	/** Delays requests until `built` settles. */
	hold(built: Promise<unknown>): void {
		this.#gate.closeFor(built);
		for (const instance of this.#instances) instance.recall();
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
