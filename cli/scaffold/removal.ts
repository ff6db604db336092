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

/** Returns the files that carry a function's name: `web/books/shelf.tsx`, `tests/operations/books-sale.test.ts`. */
export const filesOf = (name: string, root: string): string[] =>
	rooms.flatMap((room) =>
		filesIn(room, root).filter((file) => {
			const [part = ''] = file.slice(room.length + 1).split('/');
			return part.split('.')[0] === name || part.startsWith(`${name}-`);
		}),
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
	const textOf = (file: string): string => changed.get(file) ?? readFileSync(join(root, file), 'utf8');
	const edit = (file: string, without: string): void => {
		const text = withoutEntries(textOf(file), without);
		if (text !== textOf(file)) changed.set(file, text);
	};
	const page = filesIn('web', root).filter(isCode);
	const usedBefore = reachable(page, textOf);
	for (const file of lists) edit(file, names.join('|'));
	const used = reachable(page, textOf);
	for (const file of usedBefore) if (!used.has(file)) deleted.add(file);
	for (const file of page.filter((file) => file.includes('.test.')))
		if (importsOf(file, textOf(file)).some((to) => usedBefore.has(to) && deleted.has(to))) deleted.add(file);
	// A folder without code is left with its style sheets.
	for (const [folder, files] of Map.groupBy(filesIn('web', root), (file) => file.split('/')[1] ?? ''))
		if (files.some((file) => deleted.has(file)) && !files.some((file) => isCode(file) && !deleted.has(file))) {
			for (const file of files) deleted.add(file);
			edit('web/style.css', folder);
		}
	for (const file of sources.flatMap((folder) => filesIn(folder, root)).filter(isCode))
		for (const to of deleted.has(file) ? [] : importsOf(file, textOf(file)))
			if (deleted.has(to)) throw new Error(`${file} imports ${to}, which would be removed. Remove that import first.`);
	return { deleted: [...deleted].sort(), changed };
}

const sources = [
	'bench',
	'build',
	'cli',
	'database',
	'docs',
	'eventing',
	'functions',
	'k8s',
	'kit',
	'local',
	'tests',
	'web',
];
const isCode = (file: string): boolean => /\.tsx?$/.test(file);

/** Returns the files that a file imports, as paths from the root. */
const importsOf = (file: string, text: string): string[] =>
	[...text.matchAll(/(?:from |import |import\()'(\.[^']+)'/g)].map(([, path = '']) =>
		posix.join(posix.dirname(file), path),
	);

/** Returns the files that the page's main file imports, directly or not. */
function reachable(files: readonly string[], textOf: (file: string) => string): Set<string> {
	const found = new Set(['web/main.tsx']);
	// A set also iterates over what is added meanwhile.
	for (const file of found) for (const to of importsOf(file, textOf(file))) if (files.includes(to)) found.add(to);
	return found;
}

/** Removes the imports and entries that name one of the functions, as a key or as a part of a path. */
function withoutEntries(text: string, any: string): string {
	const imported = new RegExp(`^import .*?(\\w+)( })? from '[^']*/(?:${any})[./][^']*';\\n`, 'gm');
	const locals = [...text.matchAll(imported)].map(([, local]) => local);
	const named = new RegExp(
		[`[/'"\`\\s](?:${any})(?:-events)?['"\`/:.?]`, ...locals.map((local) => `\\b${local}\\b`)].join('|'),
	);
	const isComment = /^\s*(\/\*|\*|\/\/)/;
	const rest = dropEntries(text.replace(imported, ''), (line) => named.test(line) && !isComment.test(line));
	// A list without entries goes with the entry that holds it.
	return dropEntries(rest.replace(/: \{\n\s*\},/g, ': {},'), (line) => line.endsWith(': {},'));
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
