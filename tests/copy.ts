import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

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
