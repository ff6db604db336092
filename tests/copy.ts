import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const left = new Set(['node_modules', '.git', 'dist', '.data', 'coverage']);

/** A copy of this project, as a fresh clone is, with the dependencies linked: for tests that change sources. */
export function copyProject(): { copy: string; remove: () => void } {
	const copy = mkdtempSync(join(realpathSync(tmpdir()), 'bodega-copy-'));
	cpSync(root, copy, {
		recursive: true,
		preserveTimestamps: true, // By them bodega.mjs knows that the dependencies are those of the lockfile.
		filter: (path) => !left.has(relative(root, path)),
	});
	symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
	return { copy, remove: () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }) };
}
