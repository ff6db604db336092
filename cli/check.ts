import { run as runTool, tools } from './run.ts';

/** `npm run check`: types, style and lint, generated files; the import rules are tests (tests/rules.test.ts). */
export async function run(): Promise<number> {
	const types = await runTool([...tools.tsc, '--noEmit', '-p', '.']);
	const style = await runTool([...tools.biome, 'check', '--error-on-warnings']);
	return types || style;
}
