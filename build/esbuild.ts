import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import { contentsOf } from './sbom.ts';

export const root = join(import.meta.dirname, '..');

/** The output: `dist/NAME/function.cjs`, and the pages beside the functions that serve them. */
export const dist = join(root, 'dist');

/** Records the input files of each bundle, with their modification times. Only a laptop writes and reads it. */
export const record = join(dist, 'inputs.json');

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

/** How programs are built: small for an image, or readable and with a source map beside them for a laptop. */
export type Form = 'image' | 'laptop';

export const forms = {
	image: {},
	// Only debuggers and local/bundles/stack.ts read the maps: with --enable-source-maps a cold start takes 20 ms longer.
	laptop: { minify: false, sourcemap: 'linked', sourcesContent: false },
} as const satisfies Record<Form, BuildOptions>;

/**
 * Builds with esbuild. Its service is a process that inherits this one's environment when the first build starts it, and
 * that can contain secrets of the user: the service gets only the path of programs.
 */
export const build: typeof import('esbuild').build = async (options) => {
	// A start that builds nothing does not load it.
	const { build: buildHere } = await import('esbuild');
	const all = process.env;
	const { PATH, SystemRoot, TMPDIR, TEMP, ESBUILD_BINARY_PATH } = all;
	process.env = { PATH, SystemRoot, TMPDIR, TEMP, ESBUILD_BINARY_PATH };
	try {
		return buildHere(options);
	} finally {
		process.env = all;
	}
};

/** The files that a build reads, and those of them that the bundle contains. */
export interface Built {
	readonly inputs: readonly string[];
	readonly contents: readonly string[];
}

export const builtOf = (metafile: Metafile, ...others: string[]): Built => ({
	inputs: [...Object.keys(metafile.inputs), ...others],
	contents: contentsOf(metafile),
});

/** Leaves out the code of screens, which runs only in a browser. */
const withoutScreens: Plugin = {
	name: 'without screens',
	setup: ({ onLoad }) => onLoad({ filter: /\.tsx$/ }, () => ({ contents: 'export default undefined' })),
};

/**
 * Imports the current version of a source, and returns its inputs too. A plain `import` would return the version of the first
 * import. Node never forgets a module, so this is a function, whose memory is freed when nothing uses its exports.
 */
export async function imported<Module>(source: string): Promise<Module & { readonly inputs: string[] }> {
	const { outputFiles, metafile } = await build({
		...common,
		entryPoints: [source],
		plugins: [withoutScreens],
		write: false,
	});
	const module = { exports: {} };
	const run = compileFunction(outputFiles[0]?.text ?? '', ['module', 'require'], { filename: `current/${source}` });
	run(module, createRequire(join(root, source)));
	return { ...(module.exports as Module), inputs: Object.keys(metafile.inputs) };
}
