import { isAscii } from 'node:buffer';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { constants, Script } from 'node:vm';

/** The last line of a bundle: a hash of its content. V8 compares only the length of a source with that of cached code. */
const identity = /\n\/\/ ([0-9a-f]{64})\n$/;
const identityLength = 64;

/** Returns the line that ends a bundle whose content has this SHA-256 in hexadecimal digits. */
export const identityLine = (hash: string): string => `\n// ${hash}\n`;

/**
 * Runs a CommonJS bundle with the compiled code that an earlier process left in a file, and without it when the file is missing
 * or belongs to other code, or to another V8.
 *
 * Node's own compile cache stores a script before it runs. V8 compiles most functions at their first call, so each process compiles
 * them again: a sixth of the processor time of a chain of cold starts. This cache contains each function that has run, and a
 * cold start with data takes 48 ms instead of 61 (`npm run bench -- --only cold-start`).
 * @param stores whether to write the file when the process exits with code 0, if it then knows more functions than the file
 */
export function runBundle(bundle: string, file: string, stores: boolean): unknown {
	const bytes = readFileSync(bundle);
	// esbuild escapes nearly all other characters. Reading UTF-8 takes 0.7 ms longer.
	const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
	// Not a part of `source`, which would keep the whole string in memory.
	const id = identity.exec(bytes.toString('latin1', bytes.length - identityLength - 5))?.[1];
	const known = id === undefined ? undefined : cachedFor(id, file);
	const script = new Script(`(function (exports, require, module, __filename, __dirname) {\n${source}\n})`, {
		filename: bundle,
		// The bundle's first line keeps its number.
		lineOffset: -1,
		...(known ? { cachedData: known } : {}),
		importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
	});
	const knownLength = known && !script.cachedDataRejected ? known.length : 0;
	if (id !== undefined && stores)
		process.once('exit', (code) => {
			const data = code === 0 ? script.createCachedData() : undefined;
			if (data && data.length > knownLength) store(id, data, file);
		});
	const module = { exports: {} };
	script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
	return module.exports;
}

function cachedFor(id: string, file: string): Buffer | undefined {
	try {
		const content = readFileSync(file);
		return content.toString('latin1', 0, identityLength) === id ? content.subarray(identityLength) : undefined;
	} catch {
		return undefined; // The first start of this bundle.
	}
}

/** Writes the whole file or none, because V8 does not check its content. A failure only makes the next start slower. */
function store(id: string, data: Buffer, file: string): void {
	const unfinished = `${file}.${process.pid}`;
	try {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(unfinished, Buffer.concat([Buffer.from(id, 'latin1'), data]), { flush: true });
		renameSync(unfinished, file);
	} catch {}
}
