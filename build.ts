import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildFailure, type BuildOptions, build, formatMessages, type Plugin } from 'esbuild';
import { functions } from './functions/index.ts';

const root = import.meta.dirname;
/** What comes out: `dist/<function>/function.cjs`, with the page beside the gateway's, and `dist/migrate/`. */
export const dist = join(root, 'dist');

/** What can be built by itself: each function, the page, and the migration Job. */
export const bundles: readonly string[] = [...functions.map(({ name }) => name), 'web', 'migrate'];
export type Bundled = (typeof bundles)[number];

/**
 * CJS, because `import 'node:http'` from a module costs 20 ms of each cold start; minified, because what is not read need
 * not be compiled.
 */
const common = {
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

/** The file by which one can see that a bundle is there. */
export const outputOf = (name: Bundled): string =>
	name === 'web' ? join(dist, 'gateway', 'web', 'index.html') : join(dist, name, 'function.cjs');

/**
 * Builds one bundle, and answers with the files of this project that it is made of, by their paths from the root.
 * @throws {BuildFailure}
 */
export async function bundle(name: Bundled): Promise<string[]> {
	const inputs =
		name === 'web' ? await buildPage() : name === 'migrate' ? await buildMigrate() : await buildFunction(name);
	return inputs.filter((file) => !/(^|\/)node_modules\//.test(file) && existsSync(join(root, file)));
}

/** Builds everything. @throws {BuildFailure} */
export async function buildAll(): Promise<void> {
	await Promise.all(bundles.map(bundle));
}

/** A failure as esbuild shows it: the place in the source, and what is wrong there. */
export async function formatFailure(failure: unknown): Promise<string> {
	const errors = (failure as Partial<BuildFailure>).errors;
	return errors
		? (await formatMessages(errors, { kind: 'error', color: process.stdout.isTTY })).join('\n')
		: String(failure);
}

/** The entry of a function is not written by hand: its folder's files, by their names, handed to the kit. */
function entry(name: string): string {
	const files = ['http', 'events'].filter((file) => existsSync(join(root, 'functions', name, `${file}.ts`)));
	return [
		`import declaration from './functions/${name}/function.ts';`,
		...files.map((file) => `import * as ${file} from './functions/${name}/${file}.ts';`),
		`import { serve } from './functions/kit/serve.ts';`,
		`void serve(declaration, { ${files.join(', ')} });`,
	].join('\n');
}

/** What functions answer with, all told; the table of all media types there are takes 10 ms to load. */
const mediaTypes = {
	'application/json': { charset: 'UTF-8', compressible: true, extensions: ['json'] },
	'application/octet-stream': { extensions: ['bin'] },
	'text/html': { compressible: true, extensions: ['html'] },
	'text/plain': { compressible: true, extensions: ['txt'] },
};

/**
 * Leaves out what costs start-up time and is never used here: the tables of media types and of character sets other than
 * UTF-8, the parser of nested queries, the debug printer, and the look-up of the caller's package.json.
 */
const lean: Plugin = {
	name: 'lean',
	setup({ onLoad }) {
		const replace = (filter: RegExp, contents: string): void =>
			onLoad({ filter }, ({ path }) => ({ contents, resolveDir: dirname(path), loader: 'js' }));
		replace(/mime-db[\\/]db\.json$/, `module.exports = ${JSON.stringify(mediaTypes)}`);
		replace(/iconv-lite[\\/]encodings[\\/]index\.js$/, `Object.assign(exports, require('./internal'))`);
		replace(/node_modules[\\/]qs[\\/]lib[\\/]index\.js$/, `module.exports = require('node:querystring')`);
		replace(
			/node_modules[\\/]debug[\\/]src[\\/]index\.js$/,
			'module.exports = () => Object.assign(() => {}, { enabled: false })',
		);
		replace(/read-package-up[\\/]index\.js$/, 'export const readPackageUp = () => {}');
	},
};

async function buildFunction(name: string): Promise<string[]> {
	const { metafile } = await build({
		...common,
		stdin: { contents: entry(name), resolveDir: root, sourcefile: `${name}.entry.ts`, loader: 'ts' },
		outfile: join(dist, name, 'function.cjs'),
		plugins: [lean],
	});
	return Object.keys(metafile.inputs);
}

/** The page: scripts and styles under names with their hash, so that a browser may keep them for ever. */
async function buildPage(): Promise<string[]> {
	const folder = join(dist, 'gateway', 'web');
	const { metafile } = await build({
		...common,
		platform: 'browser',
		target: 'es2022',
		format: 'esm',
		entryPoints: ['web/main.ts', 'web/style.css', 'web/icon.svg'],
		loader: { '.svg': 'copy' },
		entryNames: '[name]-[hash]',
		outdir: folder,
		write: true,
	});
	const outputs = Object.entries(metafile.outputs).flatMap(([output, { entryPoint }]) =>
		entryPoint ? [[entryPoint, basename(output)] as const] : [],
	);
	let html = readFileSync(join(root, 'web', 'index.html'), 'utf8');
	for (const [source, output] of outputs) html = html.replaceAll(`"${basename(source)}"`, `"/${output}"`);
	writeFileSync(join(folder, 'index.html'), html);
	for (const file of globSync('*', { cwd: folder }))
		if (file !== 'index.html' && !outputs.some(([, output]) => output === file)) rmSync(join(folder, file));
	return [...Object.keys(metafile.inputs), 'web/index.html'];
}

/** The migration Job: its bundle, and the migrations beside it. */
async function buildMigrate(): Promise<string[]> {
	const folder = join(dist, 'migrate');
	rmSync(folder, { recursive: true, force: true });
	const migrations = globSync(['eventing/migrations/*.sql', 'functions/*/migrations/*.sql'], { cwd: root });
	for (const file of migrations) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		cpSync(join(root, file), join(folder, file));
	}
	const { metafile } = await build({
		...common,
		entryPoints: ['database/main.ts'],
		outfile: join(folder, 'function.cjs'),
	});
	return [...Object.keys(metafile.inputs), ...migrations];
}

if (import.meta.main) await buildAll();
