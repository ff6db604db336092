/** A wait of a simulated process. It calls `resume` once, when it ends. */
export type Wait = (resume: () => void) => void;

/** A process of the simulation: each `yield` is a wait. */
export type Steps = Generator<Wait, void, void>;

interface Event {
	/** Milliseconds since the start. */
	readonly at: number;
	/** Events of the same time happen in the order in which they were scheduled. */
	readonly number: number;
	readonly happen: () => void;
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.number < b.number);

/** The time of a simulation, which jumps from one event to the next. */
export class Clock {
	/** Milliseconds since the start. */
	now = 0;
	/** A binary heap: no event is before its parent, at half of its index. */
	readonly #heap: Event[] = [];
	#scheduled = 0;

	/** Calls `happen` after a time in milliseconds. */
	after(time: number, happen: () => void): void {
		const heap = this.#heap;
		const event = { at: this.now + time, number: this.#scheduled++, happen };
		let index = heap.length;
		for (
			let parent = (index - 1) >> 1;
			index > 0 && isBefore(event, heap[parent] as Event);
			parent = (index - 1) >> 1
		) {
			heap[index] = heap[parent] as Event;
			index = parent;
		}
		heap[index] = event;
	}

	delay =
		(time: number): Wait =>
		(resume) =>
			this.after(time, resume);

	/** Lets events happen until there are none, or until a time. */
	run(until = Number.POSITIVE_INFINITY): void {
		for (let next = this.#heap[0]; next && next.at <= until; next = this.#heap[0]) {
			this.#removeFirst();
			this.now = next.at;
			next.happen();
		}
	}

	#removeFirst(): void {
		const heap = this.#heap;
		const last = heap.pop() as Event;
		if (!heap.length) return;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child += 1;
			if (child >= heap.length || isBefore(last, heap[child] as Event)) break;
			heap[index] = heap[child] as Event;
			index = child;
		}
		heap[index] = last;
	}
}

/** Starts a process, and calls `done` when it has ended. */
export function start(steps: Steps, done: () => void = () => {}): void {
	const { value, done: ended } = steps.next();
	if (ended) done();
	else value(() => start(steps, done));
}

/** Returns a function that returns numbers from 0 to 1, always the same ones for a seed (Mulberry32). */
export function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Returns a time with an exponential distribution. */
export const exponential = (mean: number, chance: () => number): number => -mean * Math.log(1 - chance());
