import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Provides the bundles for the Dockerfile. Builds `dist/` only if a source file has changed since the last build, as
 * make would. So a fresh clone needs only Docker. This runs before any package is installed.
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
if (changed) make(made ? `${changed} has changed since dist/ was built` : 'dist/ is missing or incomplete');

function make(reason: string): void {
	console.log(`Building the bundles: ${reason}.`);
	for (const [program, ...args] of [
		['npm', 'ci', '--omit=dev', '--loglevel=error'],
		[process.execPath, join(root, 'build.ts')],
	] as const) {
		const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
		if (status === 0) continue;
		console.error(
			`${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. If a Docker build cannot reach npm's registry, ` +
				'build the bundles first: npx bodega build',
		);
		process.exit(1);
	}
}
