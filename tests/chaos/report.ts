import type { History } from './history.ts';
import type { Verdict } from './invariants/invariant.ts';
import type { Options } from './main.ts';

/** The result of a run. */
export interface Report extends Options {
	readonly requests: number;
	/** The number of answers by status, for each operation; `none` for no answer. */
	readonly operations: Readonly<Record<string, Readonly<Record<string, number>>>>;
	/** The number of injected faults by kind; 0 if there was nothing to hit, such as an instance of a function at zero. */
	readonly faults: Readonly<Record<string, number>>;
	readonly invariants: readonly Verdict[];
	readonly passed: boolean;
	/** The last lines of the shop's log, if an invariant is violated. */
	readonly log?: readonly string[];
}

/** Violations of one invariant that are printed. The first is usually the cause of the others. */
const shown = 5;

export function reportOf(
	options: Options,
	{ exchanges, faults }: History,
	invariants: readonly Verdict[],
	log: readonly string[],
): Report {
	const passed = invariants.every(({ violations }) => !violations.length);
	const operations = Map.groupBy(exchanges, ({ fn, operation }) => `${fn} ${operation}`);
	const kinds = Map.groupBy(faults, ({ kind }) => kind);
	return {
		...options,
		requests: exchanges.length,
		operations: sorted(
			[...operations].map(([name, all]) => [name, countsOf(all.map(({ status }) => String(status ?? 'none')))]),
		),
		faults: sorted([...kinds].map(([kind, all]) => [kind, all.filter(({ isIdle }) => !isIdle).length])),
		invariants,
		passed,
		...(passed ? {} : { log }),
	};
}

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
	Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));

const countsOf = (words: readonly string[]): Record<string, number> =>
	sorted([...Map.groupBy(words, (word) => word)].map(([word, { length }]) => [word, length]));

/** Returns the report for people. */
export function textOf({ target, seconds, seed, requests, operations, faults, invariants, passed }: Report): string {
	const outcomes = Object.entries(operations).map(
		([name, counts]) =>
			`  ${name.padEnd(36)} ${Object.entries(counts)
				.map(([status, count]) => `${count} × ${status}`)
				.join(', ')}`,
	);
	const injected = Object.entries(faults).map(([kind, count]) => `  ${kind.padEnd(36)} ${count || 'nothing to hit'}`);
	const verdicts = invariants.flatMap(({ claim, violations }) => [
		`  ${violations.length ? '✗' : '✓'} ${claim}${violations.length ? `: ${violations.length} violations` : ''}`,
		...violations.slice(0, shown).map((violation) => `      ${violation}`),
	]);
	const broken = invariants.filter(({ violations }) => violations.length).length;
	return [
		`\n${requests} requests, by operation and answer`,
		...outcomes,
		'\nFaults',
		...injected,
		'\nInvariants',
		...verdicts,
		passed
			? `\nAll ${invariants.length} invariants hold.`
			: `\n${broken} of ${invariants.length} invariants are violated. To inject the same faults again: npm run chaos -- --target ${target} --seconds ${seconds} --seed ${seed}`,
		'',
	].join('\n');
}

/** Prints what a run does. */
export class Terminal {
	readonly #stream: NodeJS.WritableStream;
	readonly #began = performance.now();

	constructor(stream: NodeJS.WritableStream) {
		this.#stream = stream;
	}

	say(text: string): void {
		const seconds = (performance.now() - this.#began) / 1000;
		this.#stream.write(`${seconds.toFixed(1).padStart(6)} s  ${text}\n`);
	}

	/** Prints a line every five seconds, until the returned function is called. */
	follow({ exchanges, faults }: History): () => void {
		const timer = setInterval(() => {
			const failed = exchanges.filter(({ status = 500 }) => status >= 500).length;
			const active = faults.filter(({ ended }) => ended === Number.POSITIVE_INFINITY).length;
			this.say(`${exchanges.length} requests, ${failed} failed; ${faults.length} faults, ${active} active`);
		}, 5_000);
		return () => clearInterval(timer);
	}
}
