import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildFailure, type BuildOptions, build, formatMessages, type Plugin } from 'esbuild';
import { functions } from './functions/index.ts';

const root = import.meta.dirname;
/** What comes out: `dist/<function>/function.cjs`, with the pages beside the gateway's and reference's, and `dist/migrate/`. */
export const dist = join(root, 'dist');

/** What can be built by itself: each function, the page, the API reference, and the migration Job. */
export const bundles: readonly string[] = [...functions.map(({ name }) => name), 'web', 'docs', 'migrate'];
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
	// Of all its hashes one is used: 30 kB of 216.
	alias: { 'hash-wasm': 'hash-wasm/dist/argon2.umd.min.js' },
} as const satisfies BuildOptions;

/** The pages, by the function that serves each beside its bundle. */
const pages = { web: 'gateway', docs: 'reference' } as const;
const isPage = (name: Bundled): name is keyof typeof pages => Object.hasOwn(pages, name);

/** The function that a bundle is served by. */
export const functionOf = (name: Bundled): string => (isPage(name) ? pages[name] : name);

/** The file by which one can see that a bundle is there. */
export const outputOf = (name: Bundled): string =>
	isPage(name) ? join(dist, pages[name], name, 'index.html') : join(dist, name, 'function.cjs');

/**
 * Builds one bundle, and answers with the files of this project that it is made of, by their paths from the root.
 * @throws {BuildFailure}
 */
export async function bundle(name: Bundled): Promise<string[]> {
	const inputs = await (special.get(name)?.() ?? buildFunction(name));
	return inputs.filter((file) => !/(^|\/)node_modules\//.test(file) && existsSync(join(root, file)));
}

/** The bundles that are not functions. */
const special: ReadonlyMap<Bundled, () => Promise<string[]>> = new Map([
	['web', () => buildPage('web', '/', 'web/index.html', ['web/main.ts', 'web/style.css', 'web/icon.svg'])],
	['docs', buildDocs],
	['migrate', buildMigrate],
]);

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

/** The API reference: the page, and the documents beside it. */
async function buildDocs(): Promise<string[]> {
	const swagger = 'node_modules/swagger-ui-dist/swagger-ui-bundle.js';
	const parts = ['reference/docs.ts', 'reference/docs.css', 'web/icon.svg', swagger];
	const inputs = await Promise.all([buildDocuments(), buildPage('docs', '/api/docs/', 'reference/docs.html', parts)]);
	return inputs.flat();
}

/** Bundled before they are run, because a module that this process has imported stays as it was. */
async function buildDocuments(): Promise<string[]> {
	const { outputFiles, metafile } = await build({
		...common,
		format: 'esm',
		entryPoints: ['reference/documents.ts'],
		write: false,
	});
	const source = `data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`;
	const { documents } = (await import(source)) as typeof import('./reference/documents.ts');
	const folder = join(dist, pages.docs, 'documents');
	mkdirSync(folder, { recursive: true });
	for (const [file, document] of Object.entries(documents)) writeFileSync(join(folder, file), JSON.stringify(document));
	return Object.keys(metafile.inputs);
}

/** A page below a path: scripts and styles under names with their hash, so that a browser may keep them for ever. */
async function buildPage(
	name: keyof typeof pages,
	path: string,
	html: string,
	entryPoints: string[],
): Promise<string[]> {
	const folder = join(dist, pages[name], name);
	const { metafile } = await build({
		...common,
		platform: 'browser',
		target: 'es2022',
		format: 'esm',
		entryPoints,
		loader: { '.svg': 'copy', '.js': 'copy' },
		entryNames: '[name]-[hash]',
		outdir: folder,
		write: true,
	});
	const outputs = Object.entries(metafile.outputs).flatMap(([output, { entryPoint }]) =>
		entryPoint ? [[entryPoint, basename(output)] as const] : [],
	);
	let text = readFileSync(join(root, html), 'utf8');
	for (const [source, output] of outputs) text = text.replaceAll(`"${basename(source)}"`, `"${path}${output}"`);
	writeFileSync(join(folder, 'index.html'), text);
	for (const file of globSync('*', { cwd: folder }))
		if (file !== 'index.html' && !outputs.some(([, output]) => output === file)) rmSync(join(folder, file));
	return [...Object.keys(metafile.inputs), html];
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
