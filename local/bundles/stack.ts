import { readFileSync, statSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { dist, root } from '../../build/esbuild.ts';

/** A place in a bundle, as stacks name it, after the path of `dist/`. An uncaught error names its line without a column. */
const place = /^([\w/-]+\.cjs):(\d+)(?::(\d+))?/;

/** The sources of places, so that an error that repeats is looked up once. */
const found = new Map<string, string | undefined>();
/** The most places in memory. */
const most = 1_000;

/**
 * Replaces the places in bundles by those in the sources: `functions/books/http.ts:12:5`. Node could do it in the function's
 * process, but it would read the maps at each cold start.
 */
export function withSources(line: string): string {
	const [start = '', ...parts] = line.split(`${dist}/`);
	if (!parts.length) return line;
	/** A parsed map takes several MB, so it is kept only for this line. */
	const maps = new Map<string, SourceMap>();
	const sources = parts.map((part) => {
		const [whole = '', bundle = '', row, column] = place.exec(part) ?? [];
		const source = bundle && sourceOf(bundle, Number(row), column === undefined ? undefined : Number(column), maps);
		return source ? source + part.slice(whole.length) : `${dist}/${part}`;
	});
	return start + sources.join('');
}

function sourceOf(
	bundle: string,
	row: number,
	column: number | undefined,
	maps: Map<string, SourceMap>,
): string | undefined {
	const file = join(dist, `${bundle}.map`);
	const builtAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
	if (builtAt === undefined) return undefined;
	const key = `${bundle}:${row}:${column}:${builtAt}`;
	if (!found.has(key)) {
		if (found.size === most) found.clear();
		const map = maps.get(bundle) ?? new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
		maps.set(bundle, map);
		const origin = map.findOrigin(row, column ?? 1);
		const path = 'fileName' in origin ? relative(root, join(dirname(file), origin.fileName)) : undefined;
		const at = 'fileName' in origin && [origin.lineNumber, ...(column === undefined ? [] : [origin.columnNumber])];
		found.set(key, at ? [path, ...at].join(':') : undefined);
	}
	return found.get(key);
}
