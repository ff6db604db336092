import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functions } from '../functions/index.ts';
import { withRole } from '../kit/declare/declare.ts';
import { type Built, dist, imported, root } from './esbuild.ts';

/** The function that shows the code of all functions. */
export const observer = withRole('observer', functions).name;
/** The observer's folder, with two files per function: what is derived from its declaration, and its sources. */
const folder = join(dist, observer, 'code');
/** The file that marks that the first ones are complete. */
export const complete = join(folder, 'complete');

/** The most characters of a source that are shown. */
const most = 64_000;

/** Writes the declaration, operations and manifests of each function, for the observer to serve. They hold no secret. */
export async function buildCode(): Promise<Built> {
	const { code, inputs } = await imported<typeof import('./reference/code.ts')>('build/reference/code.ts');
	mkdirSync(folder, { recursive: true });
	const generated = code.flatMap(({ name, ...derived }) => {
		const file = `k8s/generated/${name}.yaml`;
		// A new function has none until they are generated.
		const manifests = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
		writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...derived, manifests }));
		return manifests ? [file] : [];
	});
	writeFileSync(complete, '');
	return { inputs: [...inputs, ...generated], contents: [] };
}

/**
 * Writes the function's own sources in its bundle, and its migrations, for the observer to serve: what runs, even while a later
 * source cannot be built. @param inputs the files of the bundle
 */
export function writeSources(name: string, inputs: readonly string[]): void {
	const own = `functions/${name}/`;
	const migrations = globSync(`${own}migrations/*.sql`, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
	const paths = [...inputs.filter((file) => file.startsWith(own)), ...migrations].sort();
	const declaration = paths.filter((path) => path === `${own}function.ts`);
	const files = [...declaration, ...paths.filter((path) => !declaration.includes(path))].map((path) => {
		const text = readFileSync(join(root, path), 'utf8');
		return { path, text: text.slice(0, most), complete: text.length <= most };
	});
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, `${name}.sources.json`), JSON.stringify(files));
}
