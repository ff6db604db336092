import type { Clock, Wait } from './clock.ts';

/** Places that are taken and given back, in the order of arrival: the connections of a pool, or a lock, which is one place. */
export class Places {
	readonly places: number;
	readonly #clock: Clock;
	#free: number;
	readonly #waiting: (() => void)[] = [];
	#busy = 0;
	#changedAt = 0;

	constructor(places: number, clock: Clock) {
		this.places = places;
		this.#free = places;
		this.#clock = clock;
	}

	take: Wait = (resume) => {
		if (this.#free === 0) {
			this.#waiting.push(resume);
			return;
		}
		this.#count();
		this.#free -= 1;
		resume();
	};

	give(): void {
		const next = this.#waiting.shift();
		if (next) next();
		else {
			this.#count();
			this.#free += 1;
		}
	}

	/** Milliseconds for which places were taken, all places together. */
	get busy(): number {
		return this.#busy + (this.places - this.#free) * (this.#clock.now - this.#changedAt);
	}

	#count(): void {
		this.#busy = this.busy;
		this.#changedAt = this.#clock.now;
	}
}

/** The disk of the write-ahead log. Commits that arrive during a flush share the next one (group commit). */
export class Disk {
	flushes = 0;
	commits = 0;
	readonly #time: number;
	readonly #clock: Clock;
	#flushes = false;
	#waiting: (() => void)[] = [];

	/** @param time of one flush, in milliseconds */
	constructor(time: number, clock: Clock) {
		this.#time = time;
		this.#clock = clock;
	}

	flush: Wait = (resume) => {
		this.#waiting.push(resume);
		if (!this.#flushes) this.#start();
	};

	#start(): void {
		const group = this.#waiting;
		this.#waiting = [];
		this.#flushes = true;
		this.#clock.after(this.#time, () => {
			this.flushes += 1;
			this.commits += group.length;
			this.#flushes = false;
			for (const resume of group) resume();
			if (this.#waiting.length && !this.#flushes) this.#start();
		});
	}
}

/** Runs works one after the other. Those that have waited run together, as in `kit/data/lanes.ts`. */
export class Lane {
	readonly #most: number;
	readonly #transact: (count: number, done: () => void) => void;
	readonly #waiting: (() => void)[] = [];
	#runs = false;

	/** @param transact runs so many works in one transaction */
	constructor(most: number, transact: (count: number, done: () => void) => void) {
		this.#most = most;
		this.#transact = transact;
	}

	work: Wait = (resume) => {
		this.#waiting.push(resume);
		if (!this.#runs) this.#serve();
	};

	#serve(): void {
		this.#runs = this.#waiting.length > 0;
		if (!this.#runs) return;
		const group = this.#waiting.splice(0, this.#most);
		this.#transact(group.length, () => {
			for (const resume of group) resume();
			this.#serve();
		});
	}
}
