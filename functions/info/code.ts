import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FunctionCode } from './api.ts';

/** Reads what the build has written about a function (`build/code.ts`). A cold start loads none of it. */
export async function codeOf(name: string, env: NodeJS.ProcessEnv): Promise<FunctionCode> {
	const root = env['CODE_ROOT'] ?? dirname(process.argv[1] ?? '.');
	const read = async (file: string): Promise<string> => await readFile(join(root, 'code', file), 'utf8');
	const [derived, sources] = await Promise.all([read(`${name}.json`), read(`${name}.sources.json`)]);
	return {
		...(JSON.parse(derived) as Omit<FunctionCode, 'files'>),
		files: JSON.parse(sources) as FunctionCode['files'],
	};
}
