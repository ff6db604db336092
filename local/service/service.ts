import type { Socket } from 'node:net';
import type { Target } from '../../kit/declare/declare.ts';
import { Admission } from '../../kit/net/admission.ts';
import type { Connections } from '../../kit/net/connections.ts';
import type { Client } from '../../kit/serve/passed.ts';
import type { ServicePlan } from '../plan.ts';
import { Restarts } from '../restarts.ts';
import { Gate } from './gate.ts';
import { Instance, type Report } from './instance.ts';
import { Instances } from './instances.ts';
import { Autoscaler } from './scaling/autoscaler.ts';
import type { Scaling } from './scaling/scaling.ts';
import { Traffic } from './traffic.ts';

interface ServiceOptions {
	readonly plan: ServicePlan;
	readonly program: string;
	/** Number of CPU cores, an upper limit for the instances. */
	readonly cores: number;
	/** Milliseconds without requests after which an instance is stopped, until `scale` changes that. */
	readonly idle: number;
	/** Milliseconds for an instance to start. */
	readonly patience?: number;
	/** Whether there is no bundle yet, because its build failed. */
	readonly unbuilt?: boolean;
	/** Whether debuggers can attach. It then has at most one instance. */
	readonly inspected?: boolean;
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
	#plan: ServicePlan;
	readonly #autoscaler: Autoscaler;
	readonly processes = new Instances();
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
		this.#plan = options.plan;
		this.name = target.name;
		this.signature = target.signature;
		this.#options = options;
		this.#unbuilt = options.unbuilt ?? false;
		const cores = options.inspected ? 1 : options.cores;
		const onIdle = (instance: Instance): void => void this.#stop(instance);
		this.#autoscaler = new Autoscaler({ ...options, cores, scale: target.declaration.scale, onIdle });
		this.traffic = new Traffic(env['K_REVISION'] ?? this.name, this.name);
	}

	get instances(): number {
		return this.processes.ready.length;
	}

	/** Counts the processes as an autoscaler counts Pods. */
	get pods(): { count: number; desired: number; pending: number; terminating: number } {
		const [count, pending] = [this.instances, this.#starting ? 1 : 0];
		return { count, desired: count + pending, pending, terminating: this.processes.living.size - count - pending };
	}

	get state(): 'zero' | 'starting' | 'ready' {
		return this.instances ? 'ready' : this.#starting ? 'starting' : 'zero';
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
		for (const instance of this.#autoscaler.surplus(this.processes.ready)) void this.#stop(instance);
	}

	/**
	 * Assigns a request to an instance. Starts one if there is none, and waits for it. The caller must call `release` or `leave`.
	 * @throws {Error} when no instance can start.
	 */
	async acquire(): Promise<Instance> {
		for (;;) {
			await this.#gate.passed();
			if (this.#closed) throw new Error('the shop is closing');
			if (this.#unbuilt) throw new Error('its build failed, for the reason that the terminal of the shop shows');
			if (this.#autoscaler.grows(this.processes.ready, 'load')) this.#start().catch(() => {});
			const instance = this.#autoscaler.choose(this.processes.ready);
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
		if (this.instances || this.#closed || this.#unbuilt) return;
		void this.#gate.passed().then(() => {
			if (!this.instances) this.#start().catch(() => {});
		});
	}

	release(instance: Instance): void {
		this.requests += 1;
		this.leave(instance);
	}

	/** Releases an instance after something else than a request. */
	leave(instance: Instance): void {
		instance.running -= 1;
		this.#autoscaler.watch(instance);
	}

	/**
	 * Takes the activator out of the path of a connection, as Knative does for a Service that has capacity: an instance answers
	 * its next requests. Without an instance that takes it, the activator forwards them.
	 */
	passOn(socket: Socket, connections: Connections, client?: Client): void {
		if (this.#gate.isClosed || this.#closed) return;
		this.#autoscaler.choose(this.processes.ready)?.pass(socket, connections, client);
	}

	/** Counts the requests on the connections of an instance, and scales by them. */
	#reported(instance: Instance, { finished }: Report): void {
		for (const { microseconds } of finished) this.requests += microseconds.length;
		this.traffic.reported(finished);
		if (!this.processes.ready.includes(instance)) return;
		this.#autoscaler.watch(instance);
		if (this.#autoscaler.grows(this.processes.ready, 'peak')) this.#start().catch(() => {});
		this.#autoscaler.balance(this.processes.ready);
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
		const { program, patience, inspected, log } = this.#options;
		const instance: Instance = new Instance({
			program,
			env: { ...this.#plan.env, ...this.#overrides },
			internet: this.#plan.target.declaration.internet,
			...(patience === undefined ? {} : { patience }),
			...(inspected === undefined ? {} : { inspected }),
			log,
			reported: (report) => this.#reported(instance, report),
		});
		this.processes.living.add(instance);
		void instance.exited.then(() => this.#exited(instance));
		this.processes.started(await instance.ready);
		if (!instance.stopping) {
			this.processes.list(instance);
			this.#autoscaler.watch(instance);
			this.#stopSurplus(); // The maximum can have changed during the start.
		}
		return instance;
	}

	#exited(instance: Instance): void {
		this.#autoscaler.forget(instance);
		this.processes.living.delete(instance);
		this.processes.unlist(instance);
		if (instance.stopping || this.#closed) return;
		const wait = this.#restarts.ended(performance.now() - instance.startedAt);
		this.#options.log(JSON.stringify({ severity: 'ERROR', message: `crashed; restarting in ${wait} ms` }));
		setTimeout(() => {
			if (!this.#closed && !this.instances) this.#start().catch(() => {});
		}, wait).unref();
	}

	/**
	 * Ends an instance when it has finished its requests and publications. A broken consumer can delay a publication for
	 * minutes; Kubernetes waits as long.
	 */
	async #stop(instance: Instance, patience?: number): Promise<void> {
		this.#autoscaler.forget(instance);
		this.processes.unlist(instance);
		await instance.stop(patience);
	}

	/** Delays requests until `built` settles, and what they wait for already. */
	hold(built: Promise<unknown>): void {
		this.#gate.closeFor(built);
		for (const instance of this.processes.ready) instance.recall();
	}

	/** Runs a new bundle from the next request on, like a new revision. The running instances finish. */
	replace(): void {
		this.#unbuilt = false;
		this.#renew();
	}

	#renew(): void {
		this.#restarts.reset();
		for (const instance of this.processes.ready) void this.#stop(instance);
		this.#starting?.then((instance) => this.#stop(instance)).catch(() => {});
		this.#starting = undefined;
	}

	/** Runs the next instances by another plan for the same target. */
	update(plan: ServicePlan): void {
		this.#plan = plan;
		this.#autoscaler.declare(plan.target.declaration.scale);
		this.#renew();
	}

	/** Sets variables on top of the planned environment and replaces the instances, like `kubectl set env`. */
	setEnvironment(overrides: Readonly<Record<string, string>>): void {
		this.#overrides = overrides;
		this.#renew();
	}

	/** @param patience milliseconds for its instances to finish */
	async close(patience = closing): Promise<void> {
		this.#closed = true;
		await Promise.all([...this.processes.living].map((instance) => this.#stop(instance, patience)));
	}
}
