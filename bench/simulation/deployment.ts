import type { Clock, Steps } from './clock.ts';
import type { Cost, Machine } from './machine.ts';
import { Process } from './machine.ts';
import { type Disk, Lane, Places } from './queues.ts';

/** The Services that an order passes through, and the broker. */
export const services = [
	'gateway',
	'books',
	'orders',
	'books-events',
	'billing-events',
	'orders-events',
	'broker',
] as const;
export type Service = (typeof services)[number];

/** The connections of an instance's pool: the 4 of `kit/declare/declare.ts` without the one that listens. */
const connections = 3;

/** The most works that share a transaction, as in `kit/data/lanes.ts`. */
const shared = 20;

/** The database: a machine, the disk of its log, and the locks that transactions of several instances wait for. */
export interface Database {
	readonly machine: Machine;
	readonly disk: Disk;
	/** A commit that notifies holds a lock of the whole database until it is on the disk (Postgres' `PreCommit_Notify`). */
	readonly notifying: Places;
	/** The row of each book. */
	readonly rows: readonly Places[];
}

/** An instance of a Service: a process and its connections, each of which is a process of Postgres. */
export class Instance {
	readonly service: Service;
	readonly process: Process;
	/** The requests and events that it handles. */
	inProgress = 0;
	readonly pool: Places;
	readonly listener: Process;
	readonly #free: Process[];
	readonly #lanes = new Map<string, Lane>();

	constructor(service: Service, machine: Machine, database: Machine, clock: Clock) {
		this.service = service;
		this.process = new Process(machine);
		this.pool = new Places(connections, clock);
		this.listener = new Process(database);
		this.#free = Array.from({ length: connections }, () => new Process(database));
	}

	/** Runs the steps with a connection. */
	*connected(steps: (connection: Process) => Steps): Steps {
		yield this.pool.take;
		const connection = this.#free.pop() as Process;
		yield* steps(connection);
		this.#free.push(connection);
		this.pool.give();
	}

	/** Returns the lane with a name. */
	lane(name: string, transact: (count: number, done: () => void) => void): Lane {
		const lane = this.#lanes.get(name) ?? new Lane(shared, transact);
		this.#lanes.set(name, lane);
		return lane;
	}
}

/** Returns the less busy one of two random instances, as Knative's activator does. */
export function choose(instances: readonly Instance[], chance: () => number): Instance {
	const [one, other] = [chance(), chance()].map((part) => instances[Math.floor(part * instances.length)] as Instance);
	return (one as Instance).inProgress <= (other as Instance).inProgress ? (one as Instance) : (other as Instance);
}

/** The time from one machine to another. A client's machine is undefined. */
export class Network {
	readonly #hop: number;
	readonly #clock: Clock;

	/** @param hop milliseconds from one machine to another */
	constructor(hop: number, clock: Clock) {
		this.#hop = hop;
		this.#clock = clock;
	}

	*pass(from: Machine | undefined, to: Machine | undefined): Steps {
		if (from !== to) yield this.#clock.delay(this.#hop);
	}

	/** Sends a statement, and waits for the answer. */
	*ask({ machine }: Process, connection: Process, cost: Cost): Steps {
		yield* this.pass(machine, connection.machine);
		yield connection.work(cost);
		yield* this.pass(connection.machine, machine);
	}
}
