import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { file as composeFile, generateCompose } from '../../compose/generate.ts';
import { examplesDocument, file as examplesFile } from '../../docs/examples.ts';
import { folder, generate } from '../../k8s/commands/generate.ts';
import { run as runTool, tools } from './run.ts';

/** Implements `npm run check`: checks types, style, import rules and generated files. */
export async function run(): Promise<number> {
	// More threads would not be faster, and the second core is for the other checks.
	const types = runTool([...tools.tsc, '--noEmit', '-p', '.', '--singleThreaded']);
	const style = await runTool([...tools.biome, 'check', '--error-on-warnings']);
	const rules = await runTool([...tools.vitest, 'run', '--project', 'unit', '--reporter=dot', 'tests/rules.test.ts']);
	const stale = [
		...staleManifests().map((file) => `k8s/generated/${file}`),
		...(isAs(composeFile, generateCompose()) ? [] : ['compose.yaml']),
		...(isAs(examplesFile, examplesDocument()) ? [] : ['docs/examples.md']),
	];
	for (const file of stale) process.stderr.write(`${file} differs from its sources; run: npm run generate\n`);
	return (await types) || style || rules || (stale.length ? 1 : 0);
}

/** Returns the generated files that are outdated, missing or superfluous. */
function staleManifests(): string[] {
	const wanted = generate();
	const there = existsSync(folder) ? readdirSync(folder) : [];
	return [...new Set([...wanted.keys(), ...there])].filter((file) => !isAs(join(folder, file), wanted.get(file)));
}

const isAs = (path: string, wanted: string | undefined): boolean =>
	existsSync(path) && readFileSync(path, 'utf8') === wanted;
