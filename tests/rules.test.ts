import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { functions } from '../functions/index.ts';

const root = join(import.meta.dirname, '..');

interface Import {
	readonly from: string;
	/** A file of this project, by its path from the root. */
	readonly to: string;
	/** Nothing is left of it when it runs: `import type`. */
	readonly types: boolean;
}

const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file) || file.startsWith('tests/');
const folders = [
	'bench',
	'build',
	'cli',
	'compose',
	'database',
	'eventing',
	'functions',
	'k8s',
	'kit',
	'local',
	'tests',
	'web',
];
const files = globSync(['*.ts', ...folders.map((folder) => `${folder}/**/*.{ts,tsx}`)], { cwd: root }).map((file) =>
	file.replaceAll('\\', '/'),
);
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'(\.[^']+)'/gm;
const dynamic = /\bimport\(\s*'(\.[^']+)'\s*\)/g;

const imports: readonly Import[] = [...sources].flatMap(([from, text]) => {
	const to = (path = ''): string => posix.join(dirname(from), path);
	const found = [
		...[...text.matchAll(statement)].map(([, type, path]) => ({ from, to: to(path), types: type !== undefined })),
		...[...text.matchAll(dynamic)].map(([, path]) => ({ from, to: to(path), types: false })),
	];
	// An import of what is not there is the compiler's to find, or is text of a file that this one writes.
	return found.filter((each) => sources.has(each.to));
});
/** The imports of what runs. Tests can import everything, and everything can import the shop's name. */
const own = imports.filter(({ from, to }) => !isTest(from) && to !== 'shop.ts');

const within = (file: string, ...folders: string[]): boolean => folders.some((folder) => file.startsWith(`${folder}/`));
/** The room a file is in: `books` for functions/books/http.ts. */
const roomOf = (file: string): string | undefined => /^functions\/([^/]+)\//.exec(file)?.[1];
const isApi = (file: string): boolean => roomOf(file) !== undefined && basename(file) === 'api.ts';

/** Nobody breaks the rule; if anybody does, it is told who. */
const nobody = (found: readonly Import[]): void =>
	expect(found.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);

test('there is something to look at', () => {
	expect(files).toContain('functions/books/http.ts');
	expect(imports).toContainEqual({ from: 'functions/orders/function.ts', to: 'functions/books/api.ts', types: false });
});

test('a room imports the kit, the eventing and itself, and of the rooms it calls their api.ts', () => {
	const calls = new Map(functions.map((fn) => [fn.name, Object.keys(fn.calls)]));
	nobody(
		own.filter(({ from, to }) => {
			const room = roomOf(from);
			if (room === undefined || within(to, 'eventing') || roomOf(to) === room) return false;
			if (within(to, 'kit')) return false;
			return !(isApi(to) && calls.get(room)?.includes(roomOf(to) ?? ''));
		}),
	);
});

test('every room is a function that is declared, and every function has a room', () => {
	expect([...new Set(files.map(roomOf))].filter(Boolean).sort()).toEqual(functions.map(({ name }) => name).sort());
});

test('the kit imports itself and the eventing', () => {
	nobody(own.filter(({ from, to }) => within(from, 'kit') && !within(to, 'kit', 'eventing')));
});

test('the tests are imported by the command line, the bench and the settings of vitest', () => {
	const allowed = (file: string): boolean => within(file, 'cli', 'bench') || file === 'vitest.config.ts';
	nobody(own.filter(({ from, to }) => within(to, 'tests') && !allowed(from)));
});

test('the eventing imports itself alone, and its broker the time-outs of HTTP servers', () => {
	const keepAlive = 'kit/serve/keep-alive.ts';
	nobody(
		own.filter(
			({ from, to }) =>
				within(from, 'eventing') && !within(to, 'eventing') && !(within(from, 'eventing/broker') && to === keepAlive),
		),
	);
	nobody(
		own.filter(
			({ from, to }) => !within(from, 'eventing/broker', 'local', 'compose', 'cli') && within(to, 'eventing/broker'),
		),
	);
});

test('the list of functions, the database, the build, the reference and the k8s know rooms by their declarations alone', () => {
	nobody(
		own.filter(
			({ from, to }) =>
				roomOf(from) === undefined &&
				roomOf(to) !== undefined &&
				!within(from, 'web') &&
				basename(to) !== 'function.ts',
		),
	);
});

/** The framework works with declarations, and so with any shop. */
const framework = ['kit', 'eventing', 'database', 'local', 'k8s', 'compose', 'cli', 'build'];

test('the framework names no function', () => {
	// Roles have these names too, and an event of every stream is called data.
	const words = ['data', 'gateway', 'reference'];
	const names = functions
		.map(({ name }) => name)
		.filter((name) => !words.includes(name))
		.join('|');
	const named = new RegExp(`(['"\`])(${names})(-events)?\\1|/api/(${names})\\b|functions/(${names})\\b`, 'g');
	const found = [...sources].flatMap(([file, text]) => {
		if (isTest(file) || basename(file) === 'testing.ts' || !(within(file, ...framework) || file === 'build.ts'))
			return [];
		const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
		return (code.match(named) ?? []).map((name) => `${file}: ${name}`);
	});
	expect(found).toEqual([]);
});

test('the page imports itself, and types alone: of the rooms’ api.ts, and what a contract is', () => {
	const told = (file: string): boolean => isApi(file) || file === 'kit/declare/contract.ts';
	nobody(own.filter(({ from, to, types }) => within(from, 'web') && !within(to, 'web') && !(told(to) && types)));
	// The build makes the list of its screens.
	nobody(own.filter(({ from, to }) => within(to, 'web') && !within(from, 'web') && from !== 'build.ts'));
});

test('the API reference is made of declarations and the eventing, by the build alone', () => {
	const sources = ['functions', 'kit', 'eventing', 'build/reference'];
	nobody(own.filter(({ from, to }) => within(from, 'build/reference') && !within(to, ...sources)));
	nobody(own.filter(({ from, to }) => within(to, 'build') && !within(from, 'build') && from !== 'build.ts'));
	nobody(own.filter(({ from }) => from === 'build/reference/docs.ts'));
});

test('nothing but the command line imports laptop, Compose or cluster; of each other, Compose alone the laptop', () => {
	for (const place of ['local', 'compose', 'k8s']) {
		const allowed = place === 'local' ? [place, 'cli', 'bench', 'compose'] : [place, 'cli', 'bench'];
		nobody(own.filter(({ from, to }) => within(to, place) && !within(from, ...allowed)));
	}
});

test('no folder of sources has more than sixteen files at its own level', () => {
	const crowded = Map.groupBy([...sources.keys()], dirname);
	expect([...crowded].filter(([, { length }]) => length > 16).map(([folder]) => folder)).toEqual([]);
});

test('no file only passes on what others export', () => {
	const barrels = [...sources].filter(([, text]) => {
		const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
		return (
			/^\s*export\b[^;]*\bfrom\b/m.test(code) &&
			code.replace(/^\s*export\s+(type\s+)?(\*|\{)[^;]*?\sfrom\s+'[^']+';?/gm, '').trim() === ''
		);
	});
	expect(barrels.map(([file]) => file)).toEqual([]);
});

test('no file imports itself by a detour', () => {
	// Between tests, types may go round: that loads nothing.
	const next = Map.groupBy(
		imports.filter(({ from, types }) => !(isTest(from) && types)),
		({ from }) => from,
	);
	const done = new Set<string>();
	const cycles: string[] = [];
	const visit = (file: string, way: readonly string[]): void => {
		if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
		if (done.has(file) || way.includes(file)) return;
		for (const { to } of next.get(file) ?? []) visit(to, [...way, file]);
		done.add(file);
	};
	for (const file of files) visit(file, []);
	expect(cycles).toEqual([]);
});

test('no file is longer than 250 lines', () => {
	const long = [...sources]
		.filter(([file]) => !isTest(file))
		.map(([file, text]) => ({ file, lines: text.split('\n').length - 1 }));
	expect(long.filter(({ lines }) => lines > 250)).toEqual([]);
});

test('nothing is of any type, and nothing is called utils', () => {
	const biome = [
		join(root, 'node_modules/@biomejs/biome/bin/biome'),
		'lint',
		'--only=suspicious/noExplicitAny',
		'--colors=off',
	];
	const { status, stderr } = spawnSync(process.execPath, [...biome, ...files], { cwd: root, encoding: 'utf8' });
	expect(status, stderr).toBe(0);
	expect(files.filter((file) => /(^|[/.-])(utils?|helpers?|common|misc)([/.-]|$)/i.test(file))).toEqual([]);
});
