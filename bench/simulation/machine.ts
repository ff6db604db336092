import { type Clock, exponential, type Wait } from './clock.ts';

/** The mean processor time of a task in milliseconds: on a core that was idle, and on one that was busy, whose caches are warm. */
export interface Cost {
	readonly idle: number;
	readonly busy: number;
	/** Until the task runs on a core that was idle. */
	readonly wake: number;
}

/** The longest time for which a process keeps a core while others wait for one, in milliseconds (Linux' `base_slice_ns`). */
const slice = 3;

/** A machine: its cores run processes, which wait in one queue while all cores are busy. */
export class Machine {
	readonly cores: number;
	/** Milliseconds for which cores were busy, all cores together. */
	busy = 0;
	readonly #clock: Clock;
	readonly #chance: () => number;
	readonly #speed: number;
	#idle: number;
	readonly #ready: Process[] = [];

	/** @param speed the part of busy cores that other programs leave */
	constructor(cores: number, clock: Clock, chance: () => number, speed = 1) {
		this.cores = cores;
		this.#idle = cores;
		this.#clock = clock;
		this.#chance = chance;
		this.#speed = speed;
	}

	/** Gives a process that has a task a core, or a place in the queue. */
	admit(process: Process): void {
		if (this.#idle === 0) {
			this.#ready.push(process);
			return;
		}
		this.#idle -= 1;
		const { cost } = process.first;
		this.#clock.after(exponential(cost.wake, this.#chance), () => this.#run(process, 'idle', slice));
	}

	/** Runs the next task of a process on a core that was idle or busy before it. */
	#run(process: Process, core: 'idle' | 'busy', left: number): void {
		const { cost, resume } = process.next();
		const time = exponential(cost[core], this.#chance) / (core === 'busy' ? this.#speed : 1);
		this.#clock.after(time, () => {
			this.busy += time;
			process.busy += time;
			resume();
			if (process.hasTasks && (left > time || !this.#ready.length)) return this.#run(process, 'busy', left - time);
			if (process.hasTasks) this.#ready.push(process);
			else process.rest();
			const next = this.#ready.shift();
			if (next) this.#run(next, 'busy', slice);
			else this.#idle += 1;
		});
	}
}

interface Task {
	readonly cost: Cost;
	readonly resume: () => void;
}

/** A process with one thread, such as an instance of a function or a connection's process of Postgres. */
export class Process {
	readonly machine: Machine;
	/** Milliseconds for which it had a core. */
	busy = 0;
	readonly #tasks: Task[] = [];
	#runs = false;

	constructor(machine: Machine) {
		this.machine = machine;
	}

	get hasTasks(): boolean {
		return this.#tasks.length > 0;
	}

	/** Does a task after those that came before it. */
	work =
		(cost: Cost): Wait =>
		(resume) => {
			this.#tasks.push({ cost, resume });
			if (this.#runs) return;
			this.#runs = true;
			this.machine.admit(this);
		};

	get first(): Task {
		return this.#tasks[0] as Task;
	}

	next(): Task {
		return this.#tasks.shift() as Task;
	}

	rest(): void {
		this.#runs = false;
	}
}
