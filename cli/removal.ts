import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { FunctionList } from './function-list.ts';

/** The folders in which files and folders belong to the function whose name they carry. */
const rooms = ['functions', 'eventing/catalog', 'web', 'tests/acceptance', 'tests/browser', 'tests/operations'];

/** The lists with entries of functions, besides the list of functions itself. */
const lists = [
	'docs/api.md',
	'eventing/catalog/catalog.ts',
	'web/api/endpoints.ts',
	'web/app/handled.ts',
	'web/functions/load/workload.ts',
	'web/screens.ts',
	'web/style.css',
];

/** What a removal deletes, and the new texts of the files that it changes, by path from the root. */
export interface Removal {
	readonly deleted: readonly string[];
	readonly changed: ReadonlyMap<string, string>;
}

const filesIn = (folder: string, root: string): string[] =>
	globSync(`${folder}/**/*.*`, { cwd: root }).map((file) => file.replaceAll('\\', '/'));

/** Returns the files that carry a function's name: `web/books/shelf.tsx`, `tests/acceptance/books-sale.test.ts`. */
export const filesOf = (name: string, root: string): string[] =>
	rooms.flatMap((room) =>
		filesIn(room, root).filter((file) =>
			file
				.slice(room.length + 1)
				.split('/')
				.some((part) => part.split('.')[0] === name || part.startsWith(`${name}-`)),
		),
	);

/**
 * Plans to delete the files of functions and their entries in lists. A file that also carries the longer name of a function
 * in `others`, such as `todo-list`, belongs to that one.
 * @throws {Error} when a file that stays imports one that goes
 */
export function planRemoval(names: readonly string[], others: readonly string[], root: string): Removal {
	const kept = new Set(others.flatMap((other) => filesOf(other, root)));
	const deleted = new Set(names.flatMap((name) => filesOf(name, root)).filter((file) => !kept.has(file)));
	const list = new FunctionList(root);
	for (const name of names) list.remove(name);
	const changed = new Map([[FunctionList.file, list.text]]);
	for (const file of lists) {
		const before = readFileSync(join(root, file), 'utf8');
		const after = withoutEntries(before, names);
		if (after !== before) changed.set(file, after);
	}
	for (const file of ['bench', 'cli', 'docs', 'eventing', 'functions', 'kit', 'tests', 'web'].flatMap((folder) =>
		filesIn(folder, root),
	)) {
		if (deleted.has(file) || !/\.tsx?$/.test(file)) continue;
		const text = changed.get(file) ?? readFileSync(join(root, file), 'utf8');
		for (const [, path = ''] of text.matchAll(/(?:from |import\()'(\.[^']+)'/g))
			if (deleted.has(posix.join(posix.dirname(file), path)))
				throw new Error(`${file} imports ${path}, which belongs to a function to remove. Remove that import first.`);
	}
	return { deleted: [...deleted].sort(), changed };
}

/** Removes the imports and entries that name a function, as a key or as a part of a path. */
function withoutEntries(text: string, names: readonly string[]): string {
	const any = names.join('|');
	const imported = new RegExp(`^import .*?(\\w+)( })? from '[^']*/(?:${any})[./][^']*';\\n`, 'gm');
	const locals = [...text.matchAll(imported)].map(([, local]) => local);
	const named = new RegExp(
		[`[/'"\`\\s](?:${any})(?:-events)?['"\`/:.?]`, ...locals.map((local) => `\\b${local}\\b`)].join('|'),
	);
	const isComment = /^\s*(\/\*|\*|\/\/)/;
	const rest = dropEntries(text.replace(imported, ''), (line) => named.test(line) && !isComment.test(line));
	// A list without entries goes with the entry that holds it.
	return dropEntries(rest.replace(/: \[\n\s*\],/g, ': [],'), (line) => line.endsWith(': [],'));
}

const depthOf = (line: string): number => line.length - line.trimStart().length;

/** Drops the entries that have a matching line: the line, the lines that it opens, and the object that it is a property of. */
function dropEntries(text: string, matches: (line: string) => boolean): string {
	const lines = text.split('\n');
	for (let at = lines.findIndex(matches); at !== -1; at = lines.findIndex(matches)) {
		const outer = lines.findLastIndex((line, index) => index < at && depthOf(line) < depthOf(lines[at] ?? ''));
		const from = lines[outer]?.trim() === '{' ? outer : at;
		const isOpen = /[[{(]$/.test(lines[from] ?? '');
		const to = isOpen
			? lines.findIndex((line, index) => index > from && depthOf(line) <= depthOf(lines[from] ?? ''))
			: from;
		lines.splice(from, to - from + 1);
	}
	return lines.join('\n');
}
