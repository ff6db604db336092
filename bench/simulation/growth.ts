import { mean, together } from './costs.ts';
import type { Measured } from './measured.ts';
import { type Line, lineOf, simulated } from './report.ts';
import { type Setup, simulate } from './simulation.ts';

interface Series {
	readonly title: string;
	readonly lines: Line[];
}

/** How busy the machines of a size for a rate are meant to be. */
const busy = 0.6;

const isPostgres = (part: string): boolean => part.startsWith('postgres');
/** The client is elsewhere. */
const isOnNode = (part: string): boolean => !isPostgres(part) && part !== 'client';

/** Returns the processor time of an order in some parts when cores are busy, in milliseconds. */
const timeOf = (measured: Measured, isCounted: (part: string) => boolean): number =>
	mean(
		together(measured).map(({ parts }) =>
			Object.entries(parts).reduce((sum, [part, { processor }]) => sum + (isCounted(part) ? processor : 0), 0),
		),
	);

/** Multiplies what an order costs. */
export function costs(measured: Measured): Line[] {
	const line = (what: string, each: number, unit: string, { digits = 1, by = 1, total = unit } = {}): Line => ({
		what,
		'an order': `${each.toFixed(digits)} ${unit}`.trim(),
		...Object.fromEntries(
			[1_000, 10_000].map((rate) => [
				`${rate} a second`,
				`${((each * rate) / by).toFixed(by === 1 ? 0 : digits)} ${total}`,
			]),
		),
	});
	const cores = { by: 1_000, total: 'cores' };
	return [
		line('processor time of the functions, the broker and the shop', timeOf(measured, isOnNode), 'ms', cores),
		line('processor time of Postgres', timeOf(measured, isPostgres), 'ms', cores),
		line('write-ahead log', mean(together(measured).map(({ walBytes }) => walBytes)) / 1_000, 'kB', {
			by: 1_000,
			total: 'MB/s',
		}),
		line('transactions', mean(together(measured).map(({ commits }) => commits)), '', { total: '/s' }),
		line('events, with one delivery each', 3, '', { digits: 0, total: '/s' }),
		line('rows: order, reservation, invoice, 3 events, 3 deliveries', 9, '', { digits: 0, total: '/s' }),
	];
}

/** Returns the machines for so many orders a second. */
function sizeFor(measured: Measured, perSecond: number): Pick<Setup, 'nodes' | 'database' | 'load' | 'orders'> {
	const coresFor = (isCounted: (part: string) => boolean): number =>
		(perSecond * timeOf(measured, isCounted)) / 1000 / busy;
	return {
		nodes: Math.ceil(coresFor(isOnNode) / 2),
		database: Math.ceil(coresFor(isPostgres)),
		load: { perSecond },
		orders: Math.max(5_000, 3 * perSecond),
	};
}

/** Grows the shop: with twice as many nodes each time, and then for rates of up to 10,000 orders a second. */
export function* grow(measured: Measured, seed: number): Generator<Series> {
	const line = (given: Parameters<typeof simulated>[0]): Line => {
		const setup: Setup = simulated({ ...given, seed });
		return lineOf(setup, simulate(measured, setup));
	};
	const full = (database: number, most: number): Line[] => {
		const lines: Line[] = [];
		for (let nodes = 1; nodes <= most; nodes *= 2)
			lines.push(line({ nodes, database, load: { atOnce: 20 * nodes }, orders: Math.max(4_000, 400 * nodes) }));
		return lines;
	};
	yield { title: 'Twenty orders in progress for each node; Postgres has 8 cores', lines: full(8, 32) };
	yield { title: 'The same; Postgres has 32 cores', lines: full(32, 128) };
	const rates = (given: Partial<Setup>): Line[] =>
		[1_000, 2_000, 5_000, 10_000].map((perSecond) => line({ ...sizeFor(measured, perSecond), ...given }));
	const random = `arrive at random times; as many machines as are busy for ${busy * 100} %`;
	yield { title: `Orders of 1000 books ${random}`, lines: rates({}) };
	yield { title: 'The same, all of one book', lines: rates({ books: 1 }) };
	yield { title: 'Orders of 1000 books, on a disk that needs 5 ms for a flush', lines: rates({ flush: 5 }) };
}
