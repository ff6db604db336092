import { execFileSync } from 'node:child_process';
import {
	cpSync,
	globSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { samples } from './library/library.ts';

export const root = join(import.meta.dirname, '..');
const left = new Set(['node_modules', '.git', '.data', 'coverage']);

/** Builds the bundles that are missing in `dist/` or older than their sources. */
export async function buildBundles(): Promise<void> {
	const answer = await fetch(`${inject('services')}/bundles`);
	if (!answer.ok) throw new Error(`the bundles could not be built: ${await answer.text()}`);
}

/** Copies this project, with built bundles and linked dependencies, for tests that change sources. */
export async function copyProject(): Promise<{ copy: string; remove: () => void }> {
	await buildBundles();
	const copy = mkdtempSync(join(realpathSync(tmpdir()), 'bodega-copy-'));
	const parts = readdirSync(root).filter((name) => !left.has(name));
	// `-p` preserves modification times to the nanosecond, because they tell whether a bundle is up to date.
	execFileSync('cp', ['-Rp', ...parts.map((name) => join(root, name)), copy]);
	symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
	return { copy, remove: () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Copies this project like `copyProject`, and adds the functions of the library to the shop of the copy. */
export async function copyWithLibrary(): Promise<{ copy: string; remove: () => void }> {
	const copied = await copyProject();
	const functions = join(copied.copy, 'functions');
	const names = samples.map(({ name }) => name);
	for (const part of [...names, 'catalog.ts'])
		cpSync(join(root, 'tests', 'library', part), join(functions, part), { recursive: true });
	// The folder functions/ is one level higher than tests/library/.
	for (const file of globSync(['catalog.ts', `{${names.join(',')}}/*.ts`], { cwd: functions }))
		edit(join(functions, file), (text) => text.replaceAll(`'../../`, `'../`));
	const imports = names.map((name) => `import ${name} from './${name}/function.ts';\n`);
	edit(join(functions, 'index.ts'), (text) => imports.join('') + text.replace('[] = [', `$&${names.join(', ')}, `));
	// Some tests run the copy as a user who cannot write to it.
	const { Bundles } = (await import(
		pathToFileURL(join(copied.copy, 'local', 'bundles', 'bundles.ts')).href
	)) as typeof import('../local/bundles/bundles.ts');
	await new Bundles().refresh();
	return copied;
}

const edit = (file: string, change: (text: string) => string): void =>
	writeFileSync(file, change(readFileSync(file, 'utf8')));
