import { cpSync, existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, type BuildResult, build, context, type Plugin } from 'esbuild';
import { functions } from './functions/index.ts';
import type { Declaration } from './functions/kit/declare.ts';

const root = import.meta.dirname;
/** What comes out: `dist/<function>/function.cjs`, `dist/gateway/web/`, `dist/migrate/`. */
export const dist = join(root, 'dist');

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
} satisfies BuildOptions;

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

/**
 * Leaves out what costs start-up time and is never used here: the tables of character sets other than UTF-8 (half of the
 * framework's size), the debug printer, and the look-up of the caller's package.json.
 */
const lean: Plugin = {
	name: 'lean',
	setup({ onLoad }) {
		onLoad({ filter: /iconv-lite[\\/]encodings[\\/]index\.js$/ }, () => ({ contents: `module.exports = require('./internal');` , resolveDir: join(root, 'node_modules/iconv-lite/encodings') }));
		onLoad({ filter: /node_modules[\\/]debug[\\/]src[\\/]index\.js$/ }, () => ({ contents: 'module.exports = () => Object.assign(() => {}, { enabled: false });' }));
		onLoad({ filter: /read-package-up[\\/]index\.js$/ }, () => ({ contents: 'export const readPackageUp = () => {};' }));
	},
};

/** The build of one function. */
export const functionOptions = ({ name }: Declaration, outdir = dist): BuildOptions => ({
	...common,
	stdin: { contents: entry(name), resolveDir: root, sourcefile: `${name}.entry.ts`, loader: 'ts' },
	outfile: join(outdir, name, 'function.cjs'),
	plugins: [lean],
});

export { build, context, type BuildResult };

/** Builds everything into `dist/`. @throws {import('esbuild').BuildFailure} */
export async function buildAll(): Promise<void> {
	await Promise.all([...functions.map((declaration) => build(functionOptions(declaration))), buildMigrate()]);
}

/** The migration Job: its bundle, and the migrations beside it. */
async function buildMigrate(): Promise<void> {
	const folder = join(dist, 'migrate');
	rmSync(folder, { recursive: true, force: true });
	for (const file of globSync(['eventing/migrations/*.sql', 'functions/*/migrations/*.sql'], { cwd: root })) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		cpSync(join(root, file), join(folder, file));
	}
	await build({ ...common, format: 'cjs', entryPoints: ['database/main.ts'], outfile: join(folder, 'function.cjs') });
}

if (import.meta.main) await buildAll();
