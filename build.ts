import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type BuildFailure, type BuildOptions, build, formatMessages, type Metafile } from 'esbuild';
import { lean } from './build/lean.ts';
import { contentsOf, sbomOf } from './build/sbom.ts';
import { functions } from './functions/index.ts';
import type { screens as Screens } from './web/screens.ts';

const root = import.meta.dirname;
/** Folder of the output: `dist/<function>/function.cjs`. The pages are next to the bundles of gateway and reference. */
export const dist = join(root, 'dist');

/** Marks the time of a complete build; compose/bundles.ts reads it. */
const complete = join(dist, 'complete');

/**
 * The units of the build: each function, the page, the API reference, the migration Job, the database metrics server,
 * and the programs that only Compose needs.
 */
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
 * CJS, because `import 'node:http'` from an ES module costs 20 ms of each cold start. Minified, because Node compiles
 * less.
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
	// Only one of its hashes is used: 30 kB of 216.
	alias: { 'hash-wasm': 'hash-wasm/dist/argon2.umd.min.js' },
} as const satisfies BuildOptions;

/** The function that serves each page. */
const pages = { web: 'gateway', docs: 'reference' } as const;
const isPage = (name: Bundled): name is keyof typeof pages => Object.hasOwn(pages, name);

/** Returns the function that serves a bundle. */
export const functionOf = (name: Bundled): string => (isPage(name) ? pages[name] : name);

/** Returns the file whose existence shows that a bundle was built. */
export const outputOf = (name: Bundled): string =>
	isPage(name) ? join(dist, pages[name], name, 'index.html') : join(dist, name, 'function.cjs');

/** Builds one bundle. Returns its input files in this project, relative to the root. @throws {BuildFailure} */
export async function bundle(name: Bundled): Promise<string[]> {
	const { inputs, contents } = await (special.get(name)?.() ?? buildFunction(name));
	writeFileSync(join(dist, functionOf(name), `${name}.cdx.json`), JSON.stringify(sbomOf(name, contents)));
	return inputs.filter((file) => !/(^|\/)node_modules\//.test(file) && existsSync(join(root, file)));
}

/** The input files of a bundle, and those with code in the output. */
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
	// The content changes because Docker reuses its cached copy of an unchanged file.
	writeFileSync(complete, new Date().toISOString());
}

/** Formats a failure like esbuild, with the location in the source. */
export async function formatFailure(failure: unknown): Promise<string> {
	const errors = (failure as Partial<BuildFailure>).errors;
	return errors
		? (await formatMessages(errors, { kind: 'error', color: process.stdout.isTTY })).join('\n')
		: String(failure);
}

/** Returns the generated entry of a function, which passes the files in its folder to the kit. */
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

/**
 * Builds the shop's page and, next to it, the list of its screens. The gateway serves the page at each screen's path.
 */
async function buildWeb(): Promise<Made> {
	const parts = ['web/theme.ts', 'web/main.tsx', 'web/style.css', 'web/icon.svg'];
	const page = buildPage('web', '/', 'web/index.html', parts);
	const [built, { screens }] = await Promise.all([page, imported<{ screens: typeof Screens }>('web/screens.ts')]);
	writeFileSync(join(dist, pages.web, 'screens.json'), JSON.stringify(screens));
	return built;
}

/** Builds the API reference: the page, and the documents next to it. */
async function buildDocs(): Promise<Made> {
	const swagger = 'node_modules/swagger-ui-dist/swagger-ui-bundle.js';
	const parts = ['build/reference/docs.ts', 'build/reference/docs.css', 'web/icon.svg', swagger];
	// Swagger UI is already bundled.
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

/**
 * Imports a source and returns its exports and input files. It is bundled first, because this process caches imported
 * modules.
 */
async function imported<Module>(source: string): Promise<Module & { readonly inputs: string[] }> {
	const { outputFiles, metafile } = await build({ ...common, format: 'esm', entryPoints: [source], write: false });
	const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);
	return { ...(module as Module), inputs: Object.keys(metafile.inputs) };
}

/**
 * Builds a page below a path. Scripts and styles have a hash in their names, so that browsers can cache them forever.
 */
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
		// Load other screens than the first one only when they are shown.
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
 * Compresses a file to `.br` and `.gz` once instead of at each request, and removes the original: a client without
 * compression gets the unpacked `.gz`. The page's HTML stays, because it shows that the page was built.
 */
async function compress(file: string): Promise<void> {
	if (!['.html', '.css', '.js', '.svg'].includes(extname(file))) return;
	const content = readFileSync(file);
	const [br, gz] = await Promise.all([
		// The two highest qualities take ten times as long and save one percent.
		promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
		promisify(gzip)(content, { level: 9 }),
	]);
	writeFileSync(`${file}.br`, br);
	writeFileSync(`${file}.gz`, gz);
	if (extname(file) !== '.html') rmSync(file);
}

/** Builds the migration Job: its bundle, and the migrations next to it. */
async function buildMigrate(): Promise<Made> {
	const folder = join(dist, 'migrate');
	const { metafile } = await build({
		...common,
		entryPoints: ['database/main.ts'],
		outfile: join(folder, 'function.cjs'),
	});
	// Replace the migrations only after a successful build, so that a failed one changes nothing.
	for (const part of ['eventing', 'functions']) rmSync(join(folder, part), { recursive: true, force: true });
	const migrations = globSync(['eventing/migrations/*.sql', 'functions/*/migrations/*.sql'], { cwd: root });
	for (const file of migrations) cpSync(join(root, file), join(folder, file));
	return made(metafile, ...migrations);
}

/**
 * Builds the programs that only Compose needs: the broker, and the one that hands out credentials into a folder per
 * function.
 */
async function buildCompose(): Promise<Made> {
	const folder = join(dist, 'compose');
	const connecting = functions.filter(({ data }) => data).map(({ name }) => name);
	// Empty folders owned by the image's user: a volume mounted there inherits the owner.
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
