import type { Reporter, TestModule } from 'vitest/node';

const shown = 15;

/** Prints the slowest files at the end of a run. */
export default class Slowest implements Reporter {
	onTestRunEnd(modules: readonly TestModule[]): void {
		const files = modules
			.map((module) => ({ file: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 }))
			.sort((a, b) => b.seconds - a.seconds);
		if (files.length <= 1) return;
		const lines = files.slice(0, shown).map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`);
		process.stdout.write(`\nSlowest files\n${lines.join('\n')}\n`);
	}
}
