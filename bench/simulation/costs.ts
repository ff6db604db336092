import type { Cost } from './machine.ts';
import type { Measured, Measurement } from './measured.ts';

/**
 * How often an order wakes each process: the requests, answers and events that `saga.ts` sends it. A process uses about the same
 * time for each, because most of it is the way through the network, HTTP and the event loop.
 */
export const tasks = {
	client: 2,
	gateway: 2,
	books: 2,
	orders: 8,
	'books-events': 4,
	'billing-events': 5,
	'orders-events': 5,
	broker: 6,
	shop: 1,
	postgres: 1,
} as const;
export type Part = keyof typeof tasks;

/** How many statements of an order each function sends, without `begin` and `commit`. */
const statements = { books: 3, billing: 3, orders: 8 } as const;
export type Role = keyof typeof statements;

/** The processor time of each task, statement and commit. */
export interface Costs {
	readonly task: Readonly<Record<Part, Cost>>;
	readonly statement: Readonly<Record<Role, Cost>>;
	readonly commit: Cost;
}

/** The measurements with several orders in progress, which found busy cores. */
export const together = ({ costs }: Measured): readonly Measurement[] => costs.filter(({ atOnce }) => atOnce > 1);

export const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Divides what was measured by the number of tasks. The order that was alone found idle cores, and those that were several found
 * busy ones. @throws {Error} when one of the two is missing
 */
export function costsOf(measured: Measured): Costs {
	const { commit } = measured;
	const alone = measured.costs.find(({ atOnce }) => atOnce === 1);
	if (!alone || !together(measured).length)
		throw new Error('expected the costs of one order alone, and of several at once');
	/** @param other the processor time of the part that its tasks do not include */
	const cost = (part: string, count: number, other: (measurement: Measurement) => number = () => 0): Cost => {
		const timeOf = (measurement: Measurement): number =>
			Math.max(0, (measurement.parts[part]?.processor ?? 0) - other(measurement)) / count;
		const busy = mean(together(measured).map(timeOf));
		return { busy, idle: Math.max(busy, timeOf(alone)), wake: (alone.parts[part]?.waiting ?? 0) / count };
	};
	const statement = (role: Role): Cost =>
		// An order and its three reactions commit as often. Those of `orders` are two of the four.
		cost(
			`postgres of ${role}`,
			statements[role],
			({ commits }) => (commits / 4) * (role === 'orders' ? 2 : 1) * commit,
		);
	return {
		task: Object.fromEntries(Object.entries(tasks).map(([part, count]) => [part, cost(part, count)])) as Costs['task'],
		statement: { books: statement('books'), billing: statement('billing'), orders: statement('orders') },
		commit: { idle: commit, busy: commit, wake: 0 },
	};
}
