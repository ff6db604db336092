import type { Declaration } from '../../../kit/declare/declare.ts';
import type { Instance } from '../instance.ts';
import { Balance, choose } from './balance.ts';
import { Idling } from './idling.ts';
import { limitsOn, type Scaling, type ScalingLimits } from './scaling.ts';

interface AutoscalerOptions {
	readonly scale: Declaration['scale'];
	/** Number of CPU cores, an upper limit for the instances. */
	readonly cores: number;
	/** Milliseconds without requests after which an instance is idle. */
	readonly idle: number;
	readonly onIdle: (instance: Instance) => void;
}

/** Decides how many instances a Service has and which of them gets a request. The settings can change at any time. */
export class Autoscaler {
	readonly #cores: number;
	#declared: Declaration['scale'];
	#settings: Omit<Scaling, 'idle'>;
	readonly #idling: Idling;
	readonly #balance = new Balance();

	constructor({ scale, cores, idle, onIdle }: AutoscalerOptions) {
		this.#cores = cores;
		this.#declared = scale;
		this.#settings = settingsOf(scale, cores);
		this.#idling = new Idling(idle, onIdle);
	}

	get scaling(): Scaling & { readonly limits: ScalingLimits } {
		return { idle: this.#idling.time / 1000, ...this.#settings, limits: limitsOn(this.#cores) };
	}

	set scaling({ idle, ...settings }: Scaling) {
		this.#settings = settingsOf(settings, this.#cores);
		this.#idling.time = idle * 1000;
	}

	/** Scales by another declaration. The settings stay if it declares the same ones as before, because they can have been changed. */
	declare(scale: Declaration['scale']): void {
		const { concurrency, max } = this.#declared;
		if (scale.concurrency !== concurrency || scale.max !== max) this.#settings = settingsOf(scale, this.#cores);
		this.#declared = scale;
	}

	/** Returns the instance for another request, or undefined if there are none. */
	choose(instances: readonly Instance[]): Instance | undefined {
		return choose(instances, this.#settings.concurrency);
	}

	/** Whether another instance is to start beside these, for a request more than their `load` or above their `peak`. */
	grows(instances: readonly Instance[], by: 'load' | 'peak'): boolean {
		const { concurrency, max } = this.#settings;
		const isFull = (instance: Instance): boolean =>
			by === 'load' ? instance.load >= concurrency : instance.peak > concurrency;
		return instances.length > 0 && instances.length < max && instances.every(isFull);
	}

	/** Returns the instances that are too many: the least busy ones. */
	surplus(instances: readonly Instance[]): Instance[] {
		return instances.toSorted((a, b) => b.load - a.load).slice(this.#settings.max);
	}

	/** Corrects how the instances share the connections. */
	balance(instances: readonly Instance[]): void {
		this.#balance.correct(instances, this.#settings.concurrency);
	}

	/** Begins the idle time of an instance that has no request, and ends that of one that has. */
	watch(instance: Instance): void {
		if (instance.load > 0 || instance.stopping) this.#idling.disturb(instance);
		else this.#idling.rest(instance);
	}

	forget(instance: Instance): void {
		this.#idling.disturb(instance);
	}
}

const settingsOf = ({ concurrency, max }: Omit<Scaling, 'idle'>, cores: number): Omit<Scaling, 'idle'> => ({
	concurrency,
	max: Math.max(1, Math.min(max, cores)),
});
