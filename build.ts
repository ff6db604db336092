import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { BuildFailure, BuildOptions } from 'esbuild';
import { buildCode, complete as codeComplete, observer, writeSources } from './build/code.ts';
import { type Built, build, builtOf, common, dist, type Form, forms, record, root } from './build/esbuild.ts';
import { besideSources, leanUndici, loadLater } from './build/lean.ts';
import { buildDocs, buildWeb, pages } from './build/pages.ts';
import { sbomOf } from './build/sbom.ts';
import { functions } from './functions/index.ts';
import { type Declaration, targetsOf } from './kit/declare/declare.ts';
import { identityLine } from './kit/process/code-cache.ts';

/** The file that marks a complete build for images; compose/bundles.ts looks for it. */
export const complete = join(dist, 'complete');

export type Bundled = string;

/** Returns the bundles, each of which can be built alone: the functions, the page, the API reference, what the observer shows of functions, and five programs. */
export const bundlesOf = (declared: readonly Declaration[]): readonly Bundled[] => [
	...declared.map(({ name }) => name),
	'web',
	'docs',
	'code',
	'migrate',
	'metrics',
	'broker',
	'compose',
	'shop',
];

export const bundles = bundlesOf(functions);

const isPage = (name: Bundled): name is keyof typeof pages => Object.hasOwn(pages, name);

export const functionOf = (name: Bundled): string => (name === 'code' ? observer : isPage(name) ? pages[name] : name);

/** Returns the file whose presence shows that a bundle is built. */
export function outputOf(name: Bundled): string {
	if (name === 'code') return codeComplete;
	return isPage(name) ? join(dist, pages[name], name, 'index.html') : join(dist, name, 'function.cjs');
}

/**
 * Builds one bundle. Returns the sources that it was built from, as paths from the root.
 * @param declared the functions, if they have changed since this process started
 * @throws {BuildFailure}
 */
export async function bundle(name: Bundled, form: Form = 'image', declared = functions): Promise<string[]> {
	const { inputs, contents } = await (special.get(name)?.(form) ??
		buildFunction(`functions/${name}`, join(dist, name, 'function.cjs'), form, declared));
	if (declared.some((fn) => fn.name === name)) writeSources(name, inputs);
	writeFileSync(join(dist, functionOf(name), `${name}.cdx.json`), JSON.stringify(sbomOf(name, contents)));
	return inputs.filter((file) => !/(^|\/)node_modules\//.test(file) && existsSync(join(root, file)));
}

/** The bundles that are not functions. */
const special: ReadonlyMap<Bundled, (form: Form) => Promise<Built>> = new Map([
	['web', buildWeb],
	['docs', buildDocs],
	['code', buildCode],
	['migrate', buildMigrate],
	['compose', buildCompose],
	['broker', buildBroker],
	['shop', buildShop],
	[
		'metrics',
		(form) =>
			buildProgram({ entryPoints: ['database/metrics/main.ts'], outfile: join(dist, 'metrics', 'function.cjs') }, form),
	],
]);

/** Builds every bundle, as the images have them. */
export async function buildAll(): Promise<void> {
	rmSync(record, { force: true });
	await Promise.all(bundles.map((name) => bundle(name)));
	// Docker caches a file as long as its content is the same, so the content changes with each build.
	writeFileSync(complete, new Date().toISOString());
}

/** Formats a failure as esbuild does: the place in the source and the error. */
export async function formatFailure(failure: unknown): Promise<string> {
	const errors = (failure as Partial<BuildFailure>).errors;
	if (!errors) return String(failure);
	const { formatMessages } = await import('esbuild');
	return (await formatMessages(errors, { kind: 'error', color: process.stdout.isTTY })).join('\n');
}

/**
 * Returns the entry of a function's bundle: it passes the files of the function's folder to the kit. The build fails when
 * a file of a declared target is missing.
 */
function entry(folder: string, declared: readonly Declaration[]): string {
	const own = declared.find(({ name }) => folder === `functions/${name}`);
	const files = own
		? targetsOf(own).map(({ signature }) => (signature === 'http' ? 'http' : 'events'))
		: ['http', 'events'].filter((file) => existsSync(join(root, folder, `${file}.ts`)));
	return [
		// Before all that takes time to load.
		`import './kit/serve/port.ts';`,
		`import declaration from './${folder}/function.ts';`,
		...files.map((file) => `import * as ${file} from './${folder}/${file}.ts';`),
		`import { serve } from './kit/serve/serve.ts';`,
		`void serve(declaration, { ${files.join(', ')} });`,
	].join('\n');
}

async function buildProgram(options: BuildOptions, form: Form): Promise<Built> {
	const { metafile } = await build({ ...common, ...forms[form], ...options, metafile: true });
	// An image contains every file of its folder.
	if (form === 'image')
		for (const output of Object.keys(metafile.outputs)) rmSync(join(root, `${output}.map`), { force: true });
	return builtOf(metafile);
}

/** Builds a program whose compiled code is stored (kit/process/code-cache.ts). */
async function buildCached(outfile: string, options: BuildOptions, form: Form): Promise<Built> {
	const built = await buildProgram({ ...options, outfile }, form);
	appendFileSync(outfile, identityLine(createHash('sha256').update(readFileSync(outfile)).digest('hex')));
	return built;
}

/** Builds the same, and the program `start.cjs` beside it that runs it. */
async function buildStarted(outfile: string, options: BuildOptions, form: Form): Promise<Built> {
	const { inputs, contents } = await buildCached(outfile, options, form);
	const start = { entryPoints: ['kit/serve/start.ts'], outfile: join(dirname(outfile), 'start.cjs') };
	const { inputs: own } = await buildProgram(start, 'image');
	return { inputs: [...inputs, ...own], contents };
}

/** Builds the bundle of the function in a folder, a path from the root. */
export const buildFunction = (
	folder: string,
	outfile: string,
	form: Form = 'image',
	declared = functions,
): Promise<Built> => {
	const contents = entry(folder, declared);
	const stdin = { contents, resolveDir: root, sourcefile: `${basename(folder)}.entry.ts`, loader: 'ts' } as const;
	return buildStarted(outfile, { stdin, plugins: [loadLater] }, form);
};

/** Builds the migration Job, and copies the migrations beside it. */
async function buildMigrate(form: Form): Promise<Built> {
	const folder = join(dist, 'migrate');
	const { inputs, contents } = await buildProgram(
		{ entryPoints: ['database/main.ts'], outfile: join(folder, 'function.cjs') },
		form,
	);
	// Only now, so that a failed build leaves the previous migrations.
	for (const part of ['eventing', 'functions']) rmSync(join(folder, part), { recursive: true, force: true });
	const migrations = globSync(['eventing/migrations/*.sql', 'functions/*/migrations/*.sql'], { cwd: root });
	for (const file of migrations) cpSync(join(root, file), join(folder, file));
	return { inputs: [...inputs, ...migrations], contents };
}

/** Builds the laptop's broker, which takes half of the memory that its sources would take. */
function buildBroker(form: Form): Promise<Built> {
	const options = {
		entryPoints: ['eventing/broker/main.ts'],
		define: { 'import.meta.main': 'true' },
		plugins: [leanUndici],
	};
	return buildStarted(join(dist, 'broker', 'function.cjs'), options, form);
}

/** Builds the process of the shop on a laptop, for the same reason. esbuild finds its program from its own folder. */
function buildShop(form: Form): Promise<Built> {
	const folder = join(dist, 'shop');
	const options = {
		entryPoints: ['local/main.ts'],
		external: ['esbuild'],
		define: { 'import.meta.main': 'false' },
		plugins: [besideSources(folder), leanUndici],
	};
	return buildCached(join(folder, 'function.cjs'), options, form);
}

/** Builds the broker and the program that hands out credentials, which only Compose needs. */
async function buildCompose(form: Form): Promise<Built> {
	const folder = join(dist, 'compose');
	const connecting = functions.filter(({ data }) => data).map(({ name }) => name);
	// A new volume takes the owner of the image's folder, so the folders exist and are empty.
	for (const name of ['migrate', ...connecting]) mkdirSync(join(folder, 'credentials', name), { recursive: true });
	return await buildProgram(
		{
			entryPoints: { function: 'compose/broker.ts', 'hand-out': 'compose/hand-out.ts' },
			outdir: folder,
			outExtension: { '.js': '.cjs' },
		},
		form,
	);
}

if (import.meta.main) void buildAll();
