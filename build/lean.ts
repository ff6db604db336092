import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

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
