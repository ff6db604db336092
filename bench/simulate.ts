import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { costs, grow } from './simulation/growth.ts';
import { type Measured, type Measurement, measuredFile } from './simulation/measured.ts';
import { asTable, type Line, lineOf, simulated } from './simulation/report.ts';
import { type Result, type Setup, simulate } from './simulation/simulation.ts';

/** The most by which a simulated figure can deviate from the measured one. */
const tolerance = 0.2;

const help = `Usage: node bench/simulate.ts [options]

Simulate the way of orders through the shop over several machines, from the costs of one order in
bench/simulation/measured.json, which \`npm run bench -- --only costs\` writes.

Without options, repeat the measured figures first, fail if one deviates by more than ${tolerance * 100} %, and then grow the shop
up to 10,000 orders a second.

Options:
  --nodes NUMBER     machines of the functions and the broker
  --cores NUMBER     cores of each of them (default: 2)
  --database NUMBER  cores of the machine of Postgres (default: 8)
  --at-once NUMBER   orders that are always in progress (default: 20 for each node)
  --rate NUMBER      orders that arrive in a second at random times, instead of --at-once
  --books NUMBER     books that the orders are of (default: 1000)
  --flush NUMBER     milliseconds until a commit is on the disk (default: 1)
  --hop NUMBER       milliseconds from one machine to another (default: 0.1)
  --orders NUMBER    orders to place (default: 20000)
  --seed NUMBER      number that all random times follow from (default: 1)
  --help             show this help

Examples:
  node bench/simulate.ts                         repeats the measured figures and grows the shop
  node bench/simulate.ts --nodes 8 --rate 1000   simulates 1000 orders a second on 8 nodes
`;

const numbers = ['nodes', 'cores', 'database', 'at-once', 'rate', 'books', 'flush', 'hop', 'orders', 'seed'] as const;
type Numbers = Partial<Record<(typeof numbers)[number], number>>;

/** Reads the options. @throws {Error} with what was found, what was expected and what to do */
function read(args: readonly string[]): Numbers & { readonly help: boolean } {
	const text = { type: 'string' } as const;
	const { values } = parseArgs({
		args: [...args],
		options: {
			...Object.fromEntries(numbers.map((name) => [name, text])),
			help: { type: 'boolean', default: false },
		},
	});
	const found: Numbers = {};
	for (const name of numbers) {
		const given = (values as Record<string, unknown>)[name];
		if (given === undefined) continue;
		const number = Number(given);
		const isTime = name === 'flush' || name === 'hop';
		if (!(isTime ? number >= 0 : Number.isInteger(number) && number >= 1))
			throw new Error(
				`--${name} ${given}: expected ${isTime ? 'milliseconds, 0 or more' : 'a whole number, 1 or more'}`,
			);
		found[name] = number;
	}
	const alone = Object.keys(found).find((name) => name !== 'seed');
	if (alone !== undefined && found.nodes === undefined) throw new Error(`--${alone}: expected --nodes beside it`);
	if (found.rate !== undefined && found['at-once'] !== undefined)
		throw new Error('--rate and --at-once: expected one of the two');
	return { ...found, help: values['help'] === true };
}

/** Repeats what was measured on one machine, with everything on it, the client too. */
function repeat(measured: Measured, seed: number): { lines: Line[]; isNear: boolean } {
	const figures = measured.costs.flatMap((cost) => {
		const result = simulate(measured, asMeasured(measured, cost, seed));
		const what = cost.atOnce === 1 ? 'one at a time' : `${cost.atOnce} at once`;
		return [
			{ what: `orders settled, ${what}`, unit: '/s', measured: cost.perSecond, simulated: overall(result) },
			{ what: `POST to completed, p50, ${what}`, unit: 'ms', measured: cost.p50, simulated: result.p50 },
		];
	});
	return {
		lines: figures.map(({ what, unit, ...figure }) => ({
			figure: what,
			measured: `${figure.measured.toFixed(1)} ${unit}`,
			simulated: `${figure.simulated.toFixed(1)} ${unit}`,
			deviation: `${((figure.simulated / figure.measured - 1) * 100).toFixed(0)} %`,
		})),
		isNear: figures.every((figure) => Math.abs(figure.simulated / figure.measured - 1) <= tolerance),
	};
}

/** Orders a second over the whole time, as the bench counts them. */
const overall = ({ completed, duration }: Result): number => (completed * 1000) / duration;

const asMeasured = (measured: Measured, { atOnce, orders, elsewhere }: Measurement, seed: number): Setup => ({
	nodes: 1,
	cores: measured.cores,
	// A Service starts its second instance when more than 20 requests are in progress (`scale.concurrency`).
	instances: Math.min(measured.cores, Math.ceil(atOnce / 20)),
	speed: 1 - elsewhere / measured.cores,
	flush: measured.flush,
	hop: 0,
	// The bench orders one book.
	books: 1,
	load: { atOnce },
	orders,
	seed,
});

function main(args: readonly string[]): number {
	const options = read(args);
	if (options.help) {
		process.stdout.write(help);
		return 0;
	}
	const measured = JSON.parse(readFileSync(measuredFile, 'utf8')) as Measured;
	const print = (title: string, lines: readonly Line[]): void => {
		process.stdout.write(`\n${title}\n\n${asTable(lines)}\n`);
	};
	const { nodes, seed = 1 } = options;
	if (nodes !== undefined) {
		const { rate } = options;
		const setup = simulated({
			nodes,
			...options,
			load: rate === undefined ? { atOnce: options['at-once'] ?? 20 * nodes } : { perSecond: rate },
		});
		const inProgress = 'atOnce' in setup.load ? setup.load.atOnce : 1;
		if (setup.orders <= inProgress)
			throw new Error(`--orders ${setup.orders}: expected more than the ${inProgress} that are in progress at once`);
		print('Simulated', [lineOf(setup, simulate(measured, setup))]);
		return 0;
	}
	const { lines, isNear } = repeat(measured, seed);
	print('Measured and simulated', lines);
	if (!isNear) {
		process.stderr.write(
			`A figure deviates by more than ${tolerance * 100} %. Measure the costs again with \`npm run bench -- --only costs\` while nothing else runs.\n`,
		);
		return 1;
	}
	print('What an order costs', costs(measured));
	process.stderr.write('\nSimulating more machines …\n');
	for (const { title, lines } of grow(measured, seed)) print(title, lines);
	return 0;
}

try {
	process.exitCode = main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`${(error as Error).message}\nnode bench/simulate.ts --help shows the options.\n`);
	process.exitCode = 2;
}
