import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { root } from './esbuild.ts';

/** Lets the sources in a bundle find the files beside them, although CommonJS has no `import.meta`. */
export const besideSources = (folder: string): Plugin => ({
	name: 'beside sources',
	setup: ({ onLoad }) =>
		onLoad({ filter: /\.ts$/ }, ({ path }) => {
			const here = `require('node:path').join(__dirname, ${JSON.stringify(relative(folder, dirname(path)))})`;
			const text = readFileSync(path, 'utf8').replaceAll(/\bimport\.meta\.dirname\b/g, here);
			return { contents: text.replaceAll(/\bimport\.meta\.url\b/g, '__filename'), loader: 'ts' };
		}),
});

/** Leaves out most of undici: fetch, web sockets, caches and mocks take 4 MB, and a delivery needs none of them. */
export const leanUndici: Plugin = {
	name: 'lean undici',
	setup: ({ onLoad }) =>
		onLoad({ filter: /\/undici\/index\.js$/ }, () => ({
			contents: `
				exports.Agent = require('./lib/dispatcher/agent');
				exports.buildConnector = require('./lib/core/connect');
				exports.interceptors = { redirect: require('./lib/interceptor/redirect') };`,
		})),
};

const require = createRequire(import.meta.url);
/** Of the Postgres driver, which uses `crypto` only here, when it signs in. */
const signIn = 'node_modules/pg/lib/crypto/utils.js';

/**
 * Loads modules at the first call of one of their functions, because a first answer needs none of them: `crypto` takes 3 ms of a
 * cold start, `v8` another one. Only their functions can be imported.
 */
export const loadLater: Plugin = {
	name: 'load later',
	setup: ({ onResolve, onLoad }) => {
		// Not a namespace of the plugin: the source map would name a source that debuggers take for another protocol's.
		const later = (module: string) => ({ path: join(root, 'later', module.replace(/^node:/, '')), pluginData: module });
		onResolve({ filter: /^node:(crypto|v8)$/ }, ({ path }) => later(path));
		onResolve({ filter: /\/utils$/ }, ({ path, resolveDir }) =>
			join(resolveDir, `${path}.js`) === join(root, signIn) ? later(signIn) : undefined,
		);
		onLoad({ filter: /[/\\]later[/\\]/ }, ({ pluginData: module }: { readonly pluginData?: string }) => {
			if (module === undefined) return undefined;
			const load = module === signIn ? `require('./${module}')` : `process.getBuiltinModule('${module}')`;
			const loaded = require(module === signIn ? join(root, module) : module) as Record<string, unknown>;
			const functions = Object.keys(loaded).filter((name) => /^[a-z]/.test(name) && typeof loaded[name] === 'function');
			const contents = functions.map((name) => `export const ${name} = (...given) => ${load}.${name}(...given);`);
			return { contents: contents.join('\n'), resolveDir: root };
		});
	},
};
