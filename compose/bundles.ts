import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the Dockerfile takes the bundles from: as make would, it leaves `dist/` as it is when nothing that it is made of has
 * changed since, and else makes it, so that a fresh clone needs nothing but Docker. Nothing is installed yet when it runs.
 */
const root = join(import.meta.dirname, '..');
const sources = globSync('**/*', { cwd: root, exclude: ['dist', 'node_modules'], withFileTypes: true }).filter(
	(entry) => entry.isFile(),
);
const complete = join(root, 'dist', 'complete');
const made = existsSync(complete) ? Date.parse(readFileSync(complete, 'utf8')) : 0;
const changed = sources
	.map(({ parentPath, name }) => join(parentPath, name))
	.find((file) => statSync(file).mtimeMs > made);
if (changed) make(made ? `${changed} has changed since dist/ was made` : 'there is no whole dist/');

function make(reason: string): void {
	console.log(`Making the bundles: ${reason}.`);
	for (const [program, ...args] of [
		['npm', 'ci', '--omit=dev', '--loglevel=error'],
		[process.execPath, join(root, 'build.ts')],
	] as const) {
		const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
		if (status === 0) continue;
		console.error(
			`${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. Where a build cannot reach npm's registry, ` +
				'make them beforehand: npx bodega build',
		);
		process.exit(1);
	}
}
