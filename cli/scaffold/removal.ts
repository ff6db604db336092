import { globSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { FunctionList } from './function-list.ts';

/** The folders in which files and folders belong to the function whose name they carry. */
const folders = [
	'functions',
	'eventing/catalog',
	'web',
	'tests/acceptance',
	'tests/browser',
	'tests/chaos/parts',
	'tests/operations',
];

/** The lists with entries of functions, besides the list of functions itself. */
const lists = [
	'docs/api.md',
	'eventing/catalog/catalog.ts',
	'web/api/endpoints.ts',
	'web/app/handled.ts',
	'web/functions/load/workload.ts',
	'web/screens.ts',
	'web/style.css',
	'web/tours.ts',
];

/** The files that a removal deletes, and the new texts of those that it changes, by path from the root. */
export interface Removal {
	readonly deleted: readonly string[];
	readonly changed: ReadonlyMap<string, string>;
}

const filesIn = (folder: string, root: string): string[] =>
	globSync(`${folder}/**/*.*`, { cwd: root, exclude: (name) => ['node_modules', 'dist'].includes(name) }).map((file) =>
		file.replaceAll('\\', '/'),
	);

/** Returns the files that carry a function's name: `web/books/shelf.tsx`, `tests/operations/books-sale.test.ts`. */
export const filesOf = (name: string, root: string): string[] =>
	folders.flatMap((folder) =>
		filesIn(folder, root).filter((file) => {
			const [part = ''] = file.slice(folder.length + 1).split('/');
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
	const before = [...reachable(root, textOf)];
	for (const file of lists) edit(file, names.join('|'));
	const after = reachable(root, textOf);
	for (const orphan of orphans(
		before.filter((file) => !after.has(file)),
		deleted,
		root,
	))
		deleted.add(orphan);
	for (const folder of foldersWithoutCode(deleted, root)) {
		for (const file of filesIn(folder, root)) deleted.add(file);
		edit('web/style.css', basename(folder));
	}
	for (const file of filesIn('.', root).filter(isCode))
		for (const to of deleted.has(file) ? [] : importsOf(file, textOf(file)))
			if (deleted.has(to)) throw new Error(`${file} imports ${to}, which would be removed. Remove that import first.`);
	return { deleted: [...deleted].sort(), changed };
}

export function carryOut({ deleted, changed }: Removal, root: string): void {
	for (const file of deleted) deleteFile(join(root, file));
	for (const [file, text] of changed) writeFileSync(join(root, file), text);
}

/** Deletes a file, and its folders that are then empty. */
function deleteFile(file: string): void {
	rmSync(file);
	for (let folder = dirname(file); readdirSync(folder).length === 0; folder = dirname(folder)) rmdirSync(folder);
}

const isCode = (file: string): boolean => /\.tsx?$/.test(file);

/** Returns the files that a file imports, as paths from the root. */
const importsOf = (file: string, text: string): string[] =>
	[...text.matchAll(/(?:from |import |import\()'(\.[^']+)'/g)].map(([, path = '']) =>
		posix.join(posix.dirname(file), path),
	);

/** Returns the files that the page's main file imports, directly or not. */
function reachable(root: string, textOf: (file: string) => string): Set<string> {
	const page = new Set(filesIn('web', root));
	const found = new Set(['web/main.tsx']);
	// A set also iterates over what is added meanwhile.
	for (const file of found) for (const to of importsOf(file, textOf(file))) if (page.has(to)) found.add(to);
	return found;
}

/** Returns the files of the page that nothing uses any more, with their tests. */
function orphans(unused: readonly string[], deleted: ReadonlySet<string>, root: string): string[] {
	const tests = filesIn('web', root).filter((file) => file.includes('.test.') && !deleted.has(file));
	const idle = tests.filter((test) =>
		importsOf(test, readFileSync(join(root, test), 'utf8')).some((to) => unused.includes(to)),
	);
	return [...unused, ...idle];
}

/** Returns the folders of the page that have lost all code, and are left with style sheets. */
function foldersWithoutCode(deleted: ReadonlySet<string>, root: string): string[] {
	const folders = Map.groupBy(filesIn('web', root), (file) => file.split('/').slice(0, 2).join('/'));
	return [...folders]
		.filter(([, files]) => files.some((file) => deleted.has(file)))
		.filter(([, files]) => !files.some((file) => isCode(file) && !deleted.has(file)))
		.map(([folder]) => folder);
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
