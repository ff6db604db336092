import type { Result, Setup } from './simulation.ts';

/** A line of a table, by the titles of its columns. */
export type Line = Readonly<Record<string, string>>;

type Given = Pick<Setup, 'nodes' | 'load'> & Partial<Setup>;

/** Completes a setup of several machines, with Postgres and the clients on machines of their own. */
export const simulated = (given: Given): Setup => {
	const {
		nodes,
		load,
		cores = 2,
		database = 8,
		flush = 1,
		hop = 0.1,
		books = 1_000,
		orders = 20_000,
		seed = 1,
	} = given;
	// One instance of each Service on two cores, as in the measurement with 20 orders at once.
	const instances = Math.ceil(cores / 2);
	return { nodes, cores, database, instances, speed: 1, flush, hop, books, load, orders, seed };
};

/** Describes a simulation: its size, the figures, and how much the busiest resources are in use. */
export function lineOf(setup: Setup, { perSecond, p50, p95, commitsPerFlush, connections, utilisation }: Result): Line {
	const percent = (part: number): string => `${Math.round(part * 100)} %`;
	const sorted = Object.entries(utilisation).sort(([, a], [, b]) => b - a);
	const [busiest, ...others] = sorted.slice(0, 3).map(([name, part]) => `${name} ${percent(part)}`);
	return {
		'orders a second': perSecond.toFixed(0),
		nodes: String(setup.nodes),
		'cores of Postgres': String(setup.database),
		p50: `${p50.toFixed(0)} ms`,
		p95: `${p95.toFixed(0)} ms`,
		'commits per flush': commitsPerFlush.toFixed(0),
		connections: connections.toFixed(0),
		busiest: busiest ?? '',
		next: others.join(', '),
	};
}

/** Returns a Markdown table with aligned columns. */
export function asTable(lines: readonly Line[]): string {
	const titles = Object.keys(lines[0] ?? {});
	const widths = titles.map((title) => Math.max(title.length, ...lines.map((line) => line[title]?.length ?? 0)));
	const row = (cells: readonly string[]): string =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
	return [row(titles), rule, ...lines.map((line) => row(titles.map((title) => line[title] ?? '')))].join('\n');
}
