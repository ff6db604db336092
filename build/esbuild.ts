import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { contentsOf } from './sbom.ts';

export const root = join(import.meta.dirname, '..');

/** The output: `dist/NAME/function.cjs`, and the pages beside the functions that serve them. */
export const dist = join(root, 'dist');

/**
 * CommonJS, because `import 'node:http'` in a module adds 20 ms to each cold start. Minified, because Node compiles less code
 * then.
 */
export const common = {
	bundle: true,
	platform: 'node',
	target: 'node24',
	format: 'cjs',
	minify: true,
	legalComments: 'none',
	logLevel: 'silent',
	absWorkingDir: root,
	metafile: true,
} as const satisfies BuildOptions;

/** The files that a build reads, and those of them that the bundle contains. */
export interface Built {
	readonly inputs: readonly string[];
	readonly contents: readonly string[];
}

export const builtOf = (metafile: Metafile, ...others: string[]): Built => ({
	inputs: [...Object.keys(metafile.inputs), ...others],
	contents: contentsOf(metafile),
});

/** Imports the current version of a source, and returns its inputs too. A plain `import` would return the version of the first import. */
export async function imported<Module>(source: string): Promise<Module & { readonly inputs: string[] }> {
	const { outputFiles, metafile } = await build({
		...common,
		format: 'esm',
		entryPoints: [source],
		// The code of screens runs only in a browser.
		external: ['*.tsx'],
		write: false,
	});
	const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);
	return { ...(module as Module), inputs: Object.keys(metafile.inputs) };
}
