import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type BuildFailure, type BuildOptions, build, formatMessages, type Metafile } from 'esbuild';
import { lean } from './build/lean.ts';
import { contentsOf, sbomOf } from './build/sbom.ts';
import { functions } from './functions/index.ts';
import { withRole } from './kit/declare/declare.ts';
import type { screens as Screens } from './web/screens.ts';

const root = import.meta.dirname;
/** What comes out: `dist/<function>/function.cjs`, with the pages beside the gateway's and reference's, and what is no function. */
export const dist = join(root, 'dist');

/** When all of it was made at once; compose/bundles.ts looks at it. */
const complete = join(dist, 'complete');

/** What can be built by itself: each function, the page, the API reference, the migration Job, what tells the database's metrics, and what only Compose needs. */
export const bundles: readonly string[] = [
	...functions.map(({ name }) => name),
	'web',
	'docs',
	'migrate',
	'metrics',
	'compose',
];
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
const pages = { web: withRole('gateway', functions).name, docs: withRole('reference', functions).name } as const;
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
	const { inputs, contents } = await (special.get(name)?.() ?? buildFunction(name));
	writeFileSync(join(dist, functionOf(name), `${name}.cdx.json`), JSON.stringify(sbomOf(name, contents)));
	return inputs.filter((file) => !/(^|\/)node_modules\//.test(file) && existsSync(join(root, file)));
}

/** The files that a bundle was made of, and those of them that are in it. */
interface Made {
	readonly inputs: readonly string[];
	readonly contents: readonly string[];
}
const made = (metafile: Metafile, ...others: string[]): Made => ({
	inputs: [...Object.keys(metafile.inputs), ...others],
	contents: contentsOf(metafile),
});

/** The bundles that are not functions. */
const special: ReadonlyMap<Bundled, () => Promise<Made>> = new Map([
	['web', buildWeb],
	['docs', buildDocs],
	['migrate', buildMigrate],
	['compose', buildCompose],
	['metrics', buildMetrics],
]);

/** Builds everything. @throws {BuildFailure} */
export async function buildAll(): Promise<void> {
	await Promise.all(bundles.map(bundle));
	// Docker keeps a copy of files for as long as their contents are the same, so it is no empty one.
	writeFileSync(complete, new Date().toISOString());
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
		`import { serve } from './kit/serve/serve.ts';`,
		`void serve(declaration, { ${files.join(', ')} });`,
	].join('\n');
}

async function buildFunction(name: string): Promise<Made> {
	const { metafile } = await build({
		...common,
		stdin: { contents: entry(name), resolveDir: root, sourcefile: `${name}.entry.ts`, loader: 'ts' },
		outfile: join(dist, name, 'function.cjs'),
		plugins: [lean],
	});
	return made(metafile);
}

/** The shop's page, and the list of its screens beside it: at the path of each the gateway serves the page. */
async function buildWeb(): Promise<Made> {
	const parts = ['web/theme.ts', 'web/main.tsx', 'web/style.css', 'web/icon.svg'];
	const page = buildPage('web', '/', 'web/index.html', parts);
	const [built, { screens }] = await Promise.all([page, imported<{ screens: typeof Screens }>('web/screens.ts')]);
	const first = screens.map(({ path }) => path.split('/')[1]).filter(Boolean);
	writeFileSync(join(dist, pages.web, 'screens.json'), JSON.stringify([...new Set(first)]));
	return built;
}

/** The API reference: the page, and the documents beside it. */
async function buildDocs(): Promise<Made> {
	const swagger = 'node_modules/swagger-ui-dist/swagger-ui-bundle.js';
	const parts = ['build/reference/docs.ts', 'build/reference/docs.css', 'web/icon.svg', swagger];
	// Swagger UI is bundled already.
	const copied = { '.js': 'copy' } as const;
	const page = buildPage('docs', '/api/docs/', 'build/reference/docs.html', parts, copied);
	const [inputs, { contents, inputs: more }] = await Promise.all([buildDocuments(), page]);
	return { inputs: [...inputs, ...more], contents };
}

async function buildDocuments(): Promise<string[]> {
	const { documents, inputs } =
		await imported<typeof import('./build/reference/documents.ts')>('build/reference/documents.ts');
	const folder = join(dist, pages.docs, 'documents');
	mkdirSync(folder, { recursive: true });
	for (const [file, document] of Object.entries(documents)) writeFileSync(join(folder, file), JSON.stringify(document));
	return inputs;
}

/** What a source exports now, and the files it is made of: bundled first, for a module that this process has imported stays as it was. */
async function imported<Module>(source: string): Promise<Module & { readonly inputs: string[] }> {
	const { outputFiles, metafile } = await build({
		...common,
		format: 'esm',
		entryPoints: [source],
		// The code of screens runs in a browser.
		external: ['*.tsx'],
		write: false,
	});
	const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);
	return { ...(module as Module), inputs: Object.keys(metafile.inputs) };
}

/** A page below a path: scripts and styles under names with their hash, so that a browser may keep them for ever. */
async function buildPage(
	name: keyof typeof pages,
	path: string,
	html: string,
	entryPoints: string[],
	loader: NonNullable<BuildOptions['loader']> = {},
): Promise<Made> {
	const folder = join(dist, pages[name], name);
	const { metafile } = await build({
		...common,
		platform: 'browser',
		target: 'es2022',
		format: 'esm',
		entryPoints,
		// A screen that is not the first to be seen is loaded when it is.
		splitting: true,
		define: { 'process.env.NODE_ENV': '"production"' },
		jsx: 'automatic',
		loader: { '.svg': 'copy', ...loader },
		entryNames: '[name]-[hash]',
		chunkNames: '[name]-[hash]',
		outdir: folder,
		write: true,
	});
	const outputs = Object.entries(metafile.outputs).flatMap(([output, { entryPoint }]) =>
		entryPoint ? [[entryPoint, basename(output)] as const] : [],
	);
	let text = readFileSync(join(root, html), 'utf8');
	for (const [source, output] of outputs) text = text.replaceAll(`"${basename(source)}"`, `"${path}${output}"`);
	writeFileSync(join(folder, 'index.html'), text);
	const files = new Set(['index.html', ...Object.keys(metafile.outputs).map((output) => basename(output))]);
	for (const file of globSync('*', { cwd: folder })) if (!files.has(file)) rmSync(join(folder, file));
	await Promise.all([...files].map((file) => compress(join(folder, file))));
	return made(metafile, html);
}

/**
 * Compresses a file once instead of with each request, as `.br` and `.gz`. Who wants it as it was is given what is in the
 * latter, so it need not be kept; but for the page itself, by which one sees that a page was built.
 */
async function compress(file: string): Promise<void> {
	if (!['.html', '.css', '.js', '.svg'].includes(extname(file))) return;
	const content = readFileSync(file);
	const [br, gz] = await Promise.all([
		// The two best qualities take ten times as long for a hundredth of the size.
		promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
		promisify(gzip)(content, { level: 9 }),
	]);
	writeFileSync(`${file}.br`, br);
	writeFileSync(`${file}.gz`, gz);
	if (extname(file) !== '.html') rmSync(file);
}

/** The migration Job: its bundle, and the migrations beside it. */
async function buildMigrate(): Promise<Made> {
	const folder = join(dist, 'migrate');
	const { metafile } = await build({
		...common,
		entryPoints: ['database/main.ts'],
		outfile: join(folder, 'function.cjs'),
	});
	// After the bundle, and at once: what cannot be built stays as it was.
	for (const part of ['eventing', 'functions']) rmSync(join(folder, part), { recursive: true, force: true });
	const migrations = globSync(['eventing/migrations/*.sql', 'functions/*/migrations/*.sql'], { cwd: root });
	for (const file of migrations) cpSync(join(root, file), join(folder, file));
	return made(metafile, ...migrations);
}

/** What Compose needs besides: the broker, and what hands out credentials, into a folder for each that is given any. */
async function buildCompose(): Promise<Made> {
	const folder = join(dist, 'compose');
	const connecting = functions.filter(({ data }) => data).map(({ name }) => name);
	// Empty, and the image's user's: a volume that is put there takes after it.
	for (const name of ['migrate', ...connecting]) mkdirSync(join(folder, 'credentials', name), { recursive: true });
	const { metafile } = await build({
		...common,
		entryPoints: { function: 'compose/broker.ts', 'hand-out': 'compose/hand-out.ts' },
		outdir: folder,
		outExtension: { '.js': '.cjs' },
	});
	return made(metafile);
}

async function buildMetrics(): Promise<Made> {
	const outfile = join(dist, 'metrics', 'function.cjs');
	const { metafile } = await build({ ...common, entryPoints: ['database/metrics/main.ts'], outfile });
	return made(metafile);
}

if (import.meta.main) await buildAll();
