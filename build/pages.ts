import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { BuildOptions } from 'esbuild';
import { functions } from '../functions/index.ts';
import { withRole } from '../kit/declare/declare.ts';
import type { screens as Screens } from '../web/screens.ts';
import { type Built, build, builtOf, common, dist, imported, root } from './esbuild.ts';

/** The function that serves each page. */
export const pages = {
	web: withRole('gateway', functions).name,
	docs: withRole('reference', functions).name,
} as const;

/** Also writes the list of paths at which the gateway serves the page. */
export async function buildWeb(): Promise<Built> {
	const parts = ['web/theme.ts', 'web/main.tsx', 'web/style.css', 'web/icon.svg'];
	const page = buildPage('web', '/', 'web/index.html', parts);
	const [built, { screens }] = await Promise.all([page, imported<{ screens: typeof Screens }>('web/screens.ts')]);
	const first = screens.map(({ path }) => path.split('/')[1]).filter(Boolean);
	writeFileSync(join(dist, pages.web, 'screens.json'), JSON.stringify([...new Set(first)]));
	return built;
}

export async function buildDocs(): Promise<Built> {
	const swagger = 'node_modules/swagger-ui-dist/swagger-ui-bundle.js';
	const parts = ['build/reference/docs.ts', 'build/reference/docs.css', 'web/icon.svg', swagger];
	// Swagger UI is a bundle already.
	const page = buildPage('docs', '/api/docs/', 'build/reference/docs.html', parts, { '.js': 'copy' });
	const [inputs, { contents, inputs: more }] = await Promise.all([buildDocuments(), page]);
	return { inputs: [...inputs, ...more], contents };
}

async function buildDocuments(): Promise<string[]> {
	const { documents, inputs } =
		await imported<typeof import('./reference/documents.ts')>('build/reference/documents.ts');
	const folder = join(dist, pages.docs, 'documents');
	mkdirSync(folder, { recursive: true });
	for (const [file, document] of Object.entries(documents)) writeFileSync(join(folder, file), JSON.stringify(document));
	return inputs;
}

/** Builds a page for a path. Scripts and styles have their hash in their names, so browsers can cache them for ever. */
async function buildPage(
	name: keyof typeof pages,
	path: string,
	html: string,
	entryPoints: string[],
	loader: NonNullable<BuildOptions['loader']> = {},
): Promise<Built> {
	const folder = join(dist, pages[name], name);
	const { metafile } = await build({
		...common,
		platform: 'browser',
		target: 'es2022',
		format: 'esm',
		entryPoints,
		// The browser loads the code of a screen when it shows it.
		splitting: true,
		define: { 'process.env.NODE_ENV': '"production"' },
		jsx: 'automatic',
		loader: { '.svg': 'copy', ...loader },
		entryNames: '[name]-[hash]',
		chunkNames: '[name]-[hash]',
		outdir: folder,
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
	return builtOf(metafile, html);
}

/**
 * Compresses a file once instead of for each request, as `.br` and `.gz`, and deletes the file itself: the server unpacks
 * `.gz` for clients that accept no compression. `index.html` stays, because its presence shows that the page was built.
 */
async function compress(file: string): Promise<void> {
	if (!['.html', '.css', '.js', '.svg'].includes(extname(file))) return;
	const content = readFileSync(file);
	const [br, gz] = await Promise.all([
		// Qualities 10 and 11 take ten times as long and save one percent.
		promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
		promisify(gzip)(content, { level: 9 }),
	]);
	writeFileSync(`${file}.br`, br);
	writeFileSync(`${file}.gz`, gz);
	if (extname(file) !== '.html') rmSync(file);
}
