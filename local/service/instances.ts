import { InstanceHistory } from '../../kit/serve/instance-history.ts';
import type { Instance } from './instance.ts';

/** The processes of a Service. */
export class Instances {
	/** All of them, including starting and terminating ones. */
	readonly living = new Set<Instance>();
	#ready: readonly Instance[] = [];
	readonly #history = new InstanceHistory();

	constructor() {
		this.#history.count(0);
	}

	/** Those that can get requests. */
	get ready(): readonly Instance[] {
		return this.#ready;
	}

	get history(): ReturnType<InstanceHistory['told']> {
		return this.#history.told();
	}

	get pids(): number[] {
		return this.#ready.flatMap(({ pid }) => pid ?? []);
	}

	/** Requests in progress that the activator does not see. */
	get direct(): number {
		return this.#ready.reduce((sum, { direct }) => sum + direct, 0);
	}

	/** Records how long a process took until it listened. */
	started(milliseconds: number): void {
		this.#history.started(milliseconds);
	}

	list(instance: Instance): void {
		this.#set([...this.#ready, instance]);
	}

	/** Takes an instance off the list immediately, so that it gets no new requests. */
	unlist(instance: Instance): void {
		this.#set(this.#ready.filter((other) => other !== instance));
	}

	#set(instances: readonly Instance[]): void {
		this.#ready = instances;
		this.#history.count(instances.length);
	}
}
