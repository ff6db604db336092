import { startTimer } from '../../../kit/process/timer.ts';
import type { Instance } from '../instance.ts';

/** Notices the instances that have had no requests for a time. */
export class Idling {
	readonly #resting = new Map<Instance, { readonly since: number; readonly cancel: () => void }>();
	readonly #onIdle: (instance: Instance) => void;
	#time: number;

	/** @param time in milliseconds */
	constructor(time: number, onIdle: (instance: Instance) => void) {
		this.#time = time;
		this.#onIdle = onIdle;
	}

	/** The time, in milliseconds. A change also counts for the instances that rest already. */
	get time(): number {
		return this.#time;
	}

	set time(time: number) {
		this.#time = time;
		// A copy, because an entry that is set again would come again.
		for (const [instance, { since }] of [...this.#resting]) this.rest(instance, since);
	}

	/** @param since when the last request of the instance ended, as of `performance.now` */
	rest(instance: Instance, since = performance.now()): void {
		this.disturb(instance);
		const left = Math.max(0, since + this.#time - performance.now());
		this.#resting.set(instance, { since, cancel: startTimer(left, () => this.#onIdle(instance)) });
	}

	/** Marks that the instance has a request, or that it ends. */
	disturb(instance: Instance): void {
		this.#resting.get(instance)?.cancel();
		this.#resting.delete(instance);
	}
}
