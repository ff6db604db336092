/** A seeded generator of numbers (mulberry32): the same seed gives the same numbers on every machine. */
export class Random {
	readonly #seed: number;
	#state: number;

	constructor(seed: number) {
		this.#seed = seed >>> 0;
		this.#state = this.#seed;
	}

	/** Returns a number from 0, below 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	between(least: number, most: number): number {
		return least + this.next() * (most - least);
	}

	/** Returns a whole number, both limits included. */
	whole(least: number, most: number): number {
		return Math.floor(this.between(least, most + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** @throws {RangeError} when there is nothing to choose from */
	pick<T>(items: readonly T[]): T {
		if (!items.length) throw new RangeError('expected at least one item, found none');
		return items[this.whole(0, items.length - 1)] as T;
	}

	shuffled<T>(items: readonly T[]): T[] {
		return items
			.map((item) => [this.next(), item] as const)
			.sort(([a], [b]) => a - b)
			.map(([, item]) => item);
	}

	/** Returns a generator of its own, so that the numbers of one client do not depend on the speed of another. */
	fork(name: string): Random {
		// FNV-1a.
		const hash = [...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
		return new Random(this.#seed ^ hash);
	}
}
