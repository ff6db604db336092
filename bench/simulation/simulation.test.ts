import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Clock, exponential, random, start, type Wait } from './clock.ts';
import { tasks } from './costs.ts';
import { Machine, Process } from './machine.ts';
import type { Measured } from './measured.ts';
import { Disk, Lane, Places } from './queues.ts';
import { simulated } from './report.ts';
import { type Setup, simulate } from './simulation.ts';

/** An order that needs so many milliseconds for each task and statement. */
const costOf = (atOnce: number, time: number): Measured['costs'][number] => ({
	...{ atOnce, orders: 100, perSecond: 0, p50: 0, p95: 0, elsewhere: 0, walBytes: 0, commits: 4 },
	parts: Object.fromEntries(
		Object.entries({ ...tasks, 'postgres of orders': 8, 'postgres of books': 3, 'postgres of billing': 3 }).map(
			([part, count]) => [part, { processor: time * count, waiting: 0 }],
		),
	),
});
const measured: Measured = { cores: 2, commit: 0, flush: 0.1, costs: [costOf(1, 0.2), costOf(20, 0.1)] };
const usual = simulated({ nodes: 2, load: { perSecond: 200 }, orders: 2_000, books: 50 });
const run = (setup: Partial<Setup>) => simulate(measured, { ...usual, ...setup });

test('repeats itself for a seed, and differs for another one', () => {
	expect(run({ seed: 7 })).toEqual(run({ seed: 7 }));
	expect(run({ seed: 8 }).p50).not.toBe(run({ seed: 7 }).p50);
});

test.each([
	['orders that arrive at random times', {}],
	['more orders than the nodes can handle', { load: { perSecond: 5_000 } }],
	['orders of one book, one after the other', { books: 1, load: { atOnce: 1 } }],
	['a hundred at once, on one machine with Postgres', { nodes: 1, database: undefined, load: { atOnce: 100 } }],
])('completes every order, and obeys Little’s law: %s', (_what, setup) => {
	const { placed, completed, duration, mean, inProgress } = run(setup);
	expect([placed, completed]).toEqual([2_000, 2_000]);
	expect(inProgress).toBeCloseTo((completed / duration) * mean, 6);
});

test('settles as many orders as the cores have time for', () => {
	const { perSecond, utilisation } = run({ nodes: 1, database: undefined, load: { atOnce: 50 }, orders: 6_000 });
	expect(utilisation['cores of the nodes']).toBeGreaterThan(0.97);
	// Tasks and 14 statements of 0.1 ms each.
	const perOrder = 0.1 * (14 + Object.values(tasks).reduce((sum, count) => sum + count, 0));
	expect(perSecond / (2_000 / perOrder)).toBeCloseTo(1, 1);
});

test('lets one transaction notify at a time, so that a slow disk limits all nodes', () => {
	const { perSecond, utilisation } = run({
		nodes: 20,
		database: 64,
		flush: 20,
		load: { atOnce: 2_000 },
		orders: 10_000,
	});
	expect(utilisation['lock of the notifications']).toBeGreaterThan(0.9);
	// Twenty orders share a transaction, and one transaction a flush at least.
	expect(perSecond).toBeLessThan(20 * (1_000 / 20));
});

/** Returns the mean milliseconds in a queue with one task of 1 ms for each of `rate` arrivals a millisecond. */
function meanTime(cores: number, rate: number, processOf: (machine: Machine) => () => Process): number {
	const clock = new Clock();
	const chance = random(1);
	const machine = new Machine(cores, clock, chance);
	const next = processOf(machine);
	const times: number[] = [];
	const arrive = (): void => {
		const at = clock.now;
		next().work({ idle: 1, busy: 1, wake: 0 })(() => times.push(clock.now - at));
		if (at < 200_000) clock.after(exponential(1 / rate, chance), arrive);
	};
	arrive();
	clock.run();
	return times.reduce((sum, time) => sum + time, 0) / times.length;
}

test('waits as long as the formulas of M/M/1 and M/M/2 say', () => {
	const one = meanTime(1, 0.8, (machine) => {
		const process = new Process(machine);
		return () => process;
	});
	expect(one / (1 / (1 - 0.8))).toBeCloseTo(1, 1);
	const two = meanTime(2, 1.6, (machine) => () => new Process(machine));
	expect(two / (1 / (1 - 0.8 ** 2))).toBeCloseTo(1, 1);
});

test('lets events happen in the order of their times, and those of one time as they were scheduled', () => {
	const clock = new Clock();
	const happened: number[] = [];
	const times = Array.from({ length: 500 }, (_, index) => (index * 7_919) % 100);
	for (const [index, time] of times.entries()) clock.after(time, () => happened.push(time * 1_000 + index));
	clock.run();
	expect(happened).toEqual(happened.toSorted((a, b) => a - b));
	expect(happened).toHaveLength(500);
});

/** Waits in parallel from the start, and returns the times at which the waits ended. */
function endsOf(count: number, waitOf: (clock: Clock) => Wait, give: () => void = () => {}): number[] {
	const clock = new Clock();
	const wait = waitOf(clock);
	const ends: number[] = [];
	for (let index = 0; index < count; index += 1)
		start(
			(function* () {
				yield wait;
				ends.push(clock.now);
				yield clock.delay(1);
				give();
			})(),
		);
	clock.run();
	return ends;
}

test('flushes the commits that arrive during a flush together', () => {
	expect(endsOf(4, (clock) => new Disk(10, clock).flush)).toEqual([10, 20, 20, 20]);
});

test('gives places in the order of arrival', () => {
	let places: Places | undefined;
	const wait = (clock: Clock): Wait => {
		places = new Places(2, clock);
		return places.take;
	};
	expect(endsOf(5, wait, () => places?.give())).toEqual([0, 0, 1, 1, 2]);
});

test('runs the works that have waited for a lane together, up to the most', () => {
	const counts: number[] = [];
	const laneOf = (clock: Clock): Wait =>
		new Lane(3, (count, done) => {
			counts.push(count);
			clock.after(5, done);
		}).work;
	expect(endsOf(5, laneOf)).toEqual([5, 10, 10, 10, 15]);
	expect(counts).toEqual([1, 3, 1]);
});

test.each([
	['--nodes 0', '--nodes 0: expected a whole number, 1 or more'],
	['--nodes 2 --flush fast', '--flush fast: expected milliseconds, 0 or more'],
	['--nodes 2 --orders 30', '--orders 30: expected more than the 40 that are in progress at once'],
	['--rate 9', '--rate: expected --nodes beside it'],
])('refuses %s', (args, problem) => {
	const program = join(import.meta.dirname, '..', 'simulate.ts');
	const { status, stderr } = spawnSync(process.execPath, [program, ...args.split(' ')], { encoding: 'utf8' });
	expect([status, stderr]).toEqual([2, expect.stringContaining(problem)]);
});
