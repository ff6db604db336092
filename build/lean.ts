import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/** The media types that functions respond with. Loading the table of all media types takes 10 ms. */
const mediaTypes = {
	'application/json': { charset: 'UTF-8', compressible: true, extensions: ['json'] },
	'application/octet-stream': { extensions: ['bin'] },
	'text/html': { compressible: true, extensions: ['html'] },
	'text/plain': { compressible: true, extensions: ['txt'] },
};

/**
 * Removes unused modules that slow down the start: the tables of media types and of character sets other than UTF-8,
 * the parser of nested queries, the debug printer, and the lookup of the caller's package.json.
 */
export const lean: Plugin = {
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
