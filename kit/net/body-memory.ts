import { Problem } from '../http/problem.ts';
import { collectGarbage } from '../process/memory.ts';

interface Waiting {
	readonly bytes: number;
	readonly begin: () => void;
}

/** How long a body waits for memory, in milliseconds, and how many can wait. */
const patience = 15_000;
const mostWaiting = 64;
/** The size of a body from which its remains are collected before the next one, in bytes. */
const large = 4_000_000;

/**
 * Bounds the bytes of bodies that one process holds in memory in parallel. Larger ones wait in the order of arrival; until
 * then they stay with their client, because nobody reads them.
 */
export class BodyMemory {
	readonly #bytes: number;
	#free: number;
	#waiting: Waiting[] = [];

	constructor(bytes: number) {
		this.#bytes = bytes;
		this.#free = bytes;
	}

	/**
	 * Returns the function that frees the memory again, to be called once, or immediately undefined if it has to wait.
	 * A body larger than all of the memory counts as all of it.
	 */
	take(bytes: number): (() => void) | undefined {
		const needed = Math.min(bytes, this.#bytes);
		if (needed > this.#free || this.#waiting.length) return undefined;
		return this.#hold(needed);
	}

	#hold(bytes: number): () => void {
		this.#free -= bytes;
		return () => {
			const next = (): void => {
				if (bytes >= large) collectGarbage();
				this.#free += bytes;
				this.#next();
			};
			// The response that has just ended still refers to the body.
			if (bytes >= large) setTimeout(next, 0);
			else next();
		};
	}

	#next(): void {
		for (let next = this.#waiting[0]; next && next.bytes <= this.#free; next = this.#waiting[0]) {
			this.#waiting.shift();
			next.begin();
		}
	}

	/** Waits for memory. @throws {Problem} 503 with Retry-After after 15 s, or when too many bodies wait */
	async wait(bytes: number, gone: AbortSignal): Promise<() => void> {
		const needed = Math.min(bytes, this.#bytes);
		if (this.#waiting.length >= mostWaiting) throw full();
		const { promise, resolve, reject } = Promise.withResolvers<() => void>();
		const waiting: Waiting = { bytes: needed, begin: () => resolve(this.#hold(needed)) };
		const leave = (): void => {
			this.#waiting = this.#waiting.filter((other) => other !== waiting);
			reject(full());
			this.#next();
		};
		this.#waiting.push(waiting);
		const timer = setTimeout(leave, patience);
		gone.addEventListener('abort', leave, { once: true });
		return promise.finally(() => {
			clearTimeout(timer);
			gone.removeEventListener('abort', leave);
		});
	}
}

const full = (): Problem =>
	new Problem(503, 'This function is busy with other large bodies. Try again in a few seconds.', {
		headers: { 'retry-after': '5' },
	});
