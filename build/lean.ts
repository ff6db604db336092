import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Plugin } from 'esbuild';

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
