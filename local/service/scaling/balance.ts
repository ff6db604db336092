import type { Instance } from '../instance.ts';

type Loaded = Pick<Instance, 'load' | 'peak'>;

/** Milliseconds between two corrections of how connections are shared. Each connection that moves costs as much as 20 requests. */
const pause = 1_000;

/**
 * Returns the instance for another request: the busiest below the target concurrency, so that the others can go idle, or else
 * the least busy. Returns undefined without instances.
 */
export function choose<One extends Loaded>(instances: readonly One[], target: number): One | undefined {
	const byLoad = instances.toSorted((a, b) => b.load - a.load);
	return byLoad.find(({ load }) => load < target) ?? byLoad.at(-1);
}

/**
 * Returns how many connections an instance has to return, so that the activator passes them to other ones: half of what it
 * has more than an instance with free capacity if it is above the target, and all if another instance has room for its load.
 */
export function surplus<One extends Loaded>(instance: One, instances: readonly One[], target: number): number {
	const others = instances.filter((other) => other !== instance);
	const least = Math.min(...others.map(({ peak }) => peak));
	if (instance.peak > target && least < target) return Math.ceil((instance.peak - least) / 2);
	const busier = others.some(({ peak }) => peak > instance.peak && peak + instance.peak <= target);
	return busier ? Number.MAX_SAFE_INTEGER : 0;
}

/** Corrects from time to time how the instances of a Service share its connections. */
export class Balance {
	#correctedAt = Number.NEGATIVE_INFINITY;

	/** @param target the target concurrency of an instance */
	correct(instances: readonly Instance[], target: number): void {
		const now = performance.now();
		if (instances.length < 2 || now - this.#correctedAt < pause) return;
		this.#correctedAt = now;
		const returning = instances.find((instance) => surplus(instance, instances, target) > 0);
		returning?.recall(surplus(returning, instances, target));
	}
}
