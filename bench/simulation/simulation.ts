import { percentile } from '../row.ts';
import { Clock, exponential, random, start } from './clock.ts';
import { costsOf } from './costs.ts';
import { type Database, Instance, Network, type Service, services } from './deployment.ts';
import { Machine, Process } from './machine.ts';
import type { Measured } from './measured.ts';
import { Disk, Places } from './queues.ts';
import { order, type Shop } from './saga.ts';

/** What is simulated. Times are in milliseconds. */
export interface Setup {
	/** The machines of the functions and the broker. */
	readonly nodes: number;
	/** The cores of each. */
	readonly cores: number;
	/** The part of the nodes' busy cores that other programs leave; 1 if they are alone. */
	readonly speed: number;
	/** The cores of Postgres' own machine. Without them, Postgres and the client are on the first node, as on a laptop. */
	readonly database?: number | undefined;
	/** The instances of each Service on each node. */
	readonly instances: number;
	/** Until a commit is on the disk. */
	readonly flush: number;
	/** From one machine to another. */
	readonly hop: number;
	/** The books among which the orders are spread evenly. */
	readonly books: number;
	/** Either so many orders are always in progress, or so many arrive in a second, at random times. */
	readonly load: { readonly atOnce: number } | { readonly perSecond: number };
	readonly orders: number;
	readonly seed: number;
}

export interface Result {
	readonly placed: number;
	readonly completed: number;
	readonly perSecond: number;
	readonly p50: number;
	readonly p95: number;
	/** The mean time of an order, and the mean number of orders in progress, over the whole run. */
	readonly mean: number;
	readonly inProgress: number;
	/** Milliseconds until the last order was completed. */
	readonly duration: number;
	readonly commitsPerFlush: number;
	/** The mean number of connections with a transaction. */
	readonly connections: number;
	/** The part of the time for which each resource was in use, from 0 to 1; of several equal ones, the busiest. */
	readonly utilisation: Readonly<Record<string, number>>;
}

/** Places orders until all are completed. The same seed has the same result. */
export function simulate(measured: Measured, setup: Setup): Result {
	const clock = new Clock();
	const chance = random(setup.seed);
	const shop = build(measured, setup, clock, chance);
	const times: number[] = [];
	let [placed, inProgress, area, changedAt] = [0, 0, 0, 0];
	const change = (by: number): void => {
		area += inProgress * (clock.now - changedAt);
		changedAt = clock.now;
		inProgress += by;
	};
	/** When the last order was placed, and what was in use until then. The end, when orders run out, does not count. */
	let full = { at: 0, completed: 0, ...inUse(shop, 0) };
	const place = (completed: () => void): void => {
		const at = clock.now;
		placed += 1;
		if (placed === setup.orders) full = { at, completed: times.length, ...inUse(shop, at) };
		change(1);
		start(order(shop, Math.floor(chance() * setup.books)), () => {
			times.push(clock.now - at);
			change(-1);
			completed();
		});
	};
	const { load } = setup;
	if ('atOnce' in load) {
		const next = (): void => {
			if (placed < setup.orders) place(next);
		};
		for (let sender = 0; sender < load.atOnce; sender += 1) next();
	} else {
		const arrive = (): void => {
			place(() => {});
			if (placed < setup.orders) clock.after(exponential(1000 / load.perSecond, chance), arrive);
		};
		arrive();
	}
	clock.run();
	const { disk } = shop.database;
	return {
		placed,
		completed: times.length,
		perSecond: (full.completed * 1000) / full.at,
		p50: percentile(times, 0.5),
		p95: percentile(times, 0.95),
		mean: times.reduce((sum, time) => sum + time, 0) / times.length,
		inProgress: area / clock.now,
		duration: clock.now,
		commitsPerFlush: disk.commits / disk.flushes,
		connections: full.connections,
		utilisation: full.utilisation,
	};
}

/** Builds the machines and everything on them. */
function build(measured: Measured, setup: Setup, clock: Clock, chance: () => number): Shop {
	const machine = (cores: number, speed = 1): Machine => new Machine(cores, clock, chance, speed);
	const nodes = Array.from({ length: setup.nodes }, () => machine(setup.cores, setup.speed));
	const [first] = nodes as [Machine, ...Machine[]];
	const database: Database = {
		machine: setup.database === undefined ? first : machine(setup.database),
		disk: new Disk(setup.flush, clock),
		notifying: new Places(1, clock),
		rows: Array.from({ length: setup.books }, () => new Places(1, clock)),
	};
	const onEach = (service: Service): Instance[] =>
		nodes.flatMap((node) =>
			Array.from({ length: setup.instances }, () => new Instance(service, node, database.machine, clock)),
		);
	return {
		costs: costsOf(measured),
		chance,
		network: new Network(setup.hop, clock),
		nodes,
		database,
		instances: Object.fromEntries(services.map((service) => [service, onEach(service)])) as Record<Service, Instance[]>,
		client: setup.database === undefined ? new Process(first) : undefined,
		background: { shop: nodes.map((node) => new Process(node)), postgres: new Process(database.machine) },
	};
}

/** Returns how much of each resource has been in use until a time; of several equal ones, that of the busiest. */
function inUse({ nodes, database, instances }: Shop, at: number): Pick<Result, 'connections' | 'utilisation'> {
	const most = (used: readonly { readonly busy: number }[], places = 1): number =>
		Math.max(...used.map(({ busy }) => busy / places / at));
	const ofInstances = services.map((name): [string, number] => [
		`an instance of ${name}`,
		most(instances[name].map(({ process }) => process)),
	]);
	const pools = Object.values(instances).flatMap((all) => all.map(({ pool }) => pool));
	return {
		connections: pools.reduce((sum, { busy }) => sum + busy, 0) / at,
		utilisation: {
			'cores of the nodes': most(nodes, nodes[0]?.cores),
			'cores of Postgres': most([database.machine], database.machine.cores),
			'lock of the notifications': most([database.notifying]),
			'row of a book': most(database.rows),
			...Object.fromEntries(ofInstances),
			'connections of an instance': most(pools, pools[0]?.places),
		},
	};
}
