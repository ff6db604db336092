import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bundles } from '../../local/bundles/bundles.ts';
import { step } from '../../local/output.ts';
import { isAlive } from '../../local/running.ts';
import { provideChromium } from '../../tests/browser/chromium.ts';
import { missingPrograms } from '../../tests/run/programs.ts';
import { run as runTool, tools } from './run.ts';

const vitest = [...tools.vitest, 'run'];

/** The projects that run in parallel. Each of the last two starts a shop and runs its tests one at a time. */
const lanes = ['unit', 'acceptance', 'browser'] as const;

/**
 * Implements `npm test`, which runs all tests that need no cluster. Arguments go to vitest; with arguments that select
 * tests, everything runs in one lane.
 */
export async function run(args: readonly string[]): Promise<number> {
	const temporary = makeTemporary();
	try {
		const isWhole = args.every((arg) => /^--(reporter|outputFile)\b/.test(arg));
		const reporters = args.some((arg) => arg.startsWith('--reporter')) ? [] : ['--reporter=default'];
		const options = [...args, ...reporters, '--reporter=./tests/run/slowest.ts'];
		if (!isWhole) return await runTool([...vitest, ...options], { TMPDIR: temporary });
		await provideChromium();
		await step('Building the functions', () => new Bundles().refresh());
		const reports = join(temporary, 'reports');
		mkdirSync(reports);
		const codes = await Promise.all(
			lanes.map((lane) => {
				const report = `--outputFile.blob=${join(reports, `${lane}.json`)}`;
				const command = [...vitest, '--project', lane, '--reporter=./tests/run/progress.ts', '--reporter=blob', report];
				return runTool(command, { TMPDIR: temporary });
			}),
		);
		const code = await runTool([...vitest, `--merge-reports=${reports}`, ...options], { TMPDIR: temporary });
		for (const { name, from, tested } of missingPrograms())
			process.stderr.write(`\n${tested} not tested: install ${name} (Debian package: ${from}).\n`);
		for (const [index, code] of codes.entries())
			if (code !== 0) process.stderr.write(`\nThe lane ${lanes[index]} ended with exit code ${code}.\n`);
		// A lane that crashed has no report, so its own exit code counts too.
		return code || Math.max(...codes);
	} finally {
		rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
	}
}

/**
 * Creates a folder for a run's files, in memory if there is room: creating databases is ten times as fast there. Removes the
 * folders of runs that were killed.
 */
function makeTemporary(): string {
	const memory = '/dev/shm';
	const isRoomy = existsSync(memory) && statfsSync(memory).bavail * statfsSync(memory).bsize > 4e9;
	const parent = isRoomy ? memory : tmpdir();
	for (const name of readdirSync(parent)) {
		const owner = /^bodega-test-(\d+)-/.exec(name)?.[1];
		if (owner && !isAlive(Number(owner))) rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 5 });
	}
	const folder = mkdtempSync(join(parent, `bodega-test-${process.pid}-`));
	// Some tests act as another user.
	chmodSync(folder, 0o755);
	return folder;
}
