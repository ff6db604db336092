import { randomInt } from 'node:crypto';
import { type Options, run } from '../../tests/chaos/main.ts';
import { Terminal, textOf } from '../../tests/chaos/report.ts';

/**
 * Implements `npm run chaos`: clients, faults from a seed, and the check of what the shop promised.
 * @returns 0 when all invariants hold, 1 when one is violated, 2 when the shop could not be opened or asked
 */
export async function chaos(
	{
		json,
		seed = randomInt(1, 1_000_000),
		...options
	}: Omit<Options, 'seed'> & { readonly seed?: number; readonly json: boolean },
	stop: AbortSignal,
): Promise<number> {
	const terminal = new Terminal(json ? process.stderr : process.stdout);
	terminal.say(`seed ${seed}`);
	try {
		const report = await run({ ...options, seed }, terminal, stop);
		process.stdout.write(json ? `${JSON.stringify(report, null, '\t')}\n` : textOf(report));
		return report.passed ? 0 : 1;
	} catch (error) {
		if (stop.aborted) throw error;
		terminal.say(`the run ended early: ${error instanceof Error ? error.stack : String(error)}`);
		return 2;
	}
}
