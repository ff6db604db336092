import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, generate } from '../k8s/generate.ts';
import { run as runTool, tools } from './run.ts';

/** `npm run check`: types, style, and generated files; the import rules are tests (tests/rules.test.ts). */
export async function run(): Promise<number> {
	const types = await runTool([...tools.tsc, '--noEmit', '-p', '.']);
	const style = await runTool([...tools.biome, 'check', '--error-on-warnings']);
	const stale = staleManifests();
	for (const file of stale)
		process.stderr.write(`k8s/generated/${file} is not what the declarations say; run: npm run generate\n`);
	return types || style || (stale.length ? 1 : 0);
}

/** The generated files that differ from what the declarations say now, are missing, or should not be there. */
function staleManifests(): string[] {
	const wanted = generate();
	const there = existsSync(folder) ? readdirSync(folder) : [];
	return [...new Set([...wanted.keys(), ...there])].filter((file) => {
		const path = join(folder, file);
		return !existsSync(path) || readFileSync(path, 'utf8') !== wanted.get(file);
	});
}
