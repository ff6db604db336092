import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { functions } from '../functions/index.ts';
import { routesOf } from '../kit/declare/declare.ts';

const root = join(import.meta.dirname, '..');

interface Import {
	readonly from: string;
	/** The imported file of this project, as a path from the root. */
	readonly to: string;
	/** Whether it is an `import type`, which is erased before the code runs. */
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
	'examples',
	'functions',
	'k8s',
	'kit',
	'local',
	'tests',
	'web',
];
const files = globSync(['*.ts', ...folders.map((folder) => `${folder}/**/*.{ts,tsx}`)], {
	cwd: root,
	// The files of a new product, which are at home elsewhere.
	exclude: ['**/node_modules', 'cli/scaffold/product'],
}).map((file) => file.replaceAll('\\', '/'));
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'(\.[^']+)'/gm;
const dynamic = /(\btypeof\s+)?\bimport\(\s*'(\.[^']+)'\s*\)/g;

const imports: readonly Import[] = [...sources].flatMap(([from, text]) => {
	const to = (path = ''): string => posix.join(dirname(from), path);
	const found = [
		...[...text.matchAll(statement)].map(([, type, path]) => ({ from, to: to(path), types: type !== undefined })),
		...[...text.matchAll(dynamic)].map(([, type, path]) => ({ from, to: to(path), types: type !== undefined })),
	];
	// The compiler reports imports of missing files. Others are in text that a file generates.
	return found.filter((each) => sources.has(each.to));
});
/** The imports of files that are not tests. Tests can import everything, and everything can import shop.ts. */
const own = imports.filter(({ from, to }) => !isTest(from) && to !== 'shop.ts');

const within = (file: string, ...folders: string[]): boolean => folders.some((folder) => file.startsWith(`${folder}/`));
/** Returns the function that a file belongs to: `users` for functions/users/http.ts. */
const roomOf = (file: string): string | undefined => /^functions\/([^/]+)\//.exec(file)?.[1];
const isApi = (file: string): boolean => roomOf(file) !== undefined && basename(file) === 'api.ts';

/** Expects that no import breaks a rule, and lists those that do. */
const nobody = (found: readonly Import[]): void =>
	expect(found.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);

test('finds files and imports to check', () => {
	expect(files).toContain('functions/users/http.ts');
	expect(imports).toContainEqual({ from: 'functions/users/function.ts', to: 'functions/users/api.ts', types: false });
});

test('a function imports only the kit, the eventing, itself and the api.ts of functions that it calls', () => {
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

test('an example imports only the kit, the eventing and itself', () => {
	const exampleOf = (file: string): string | undefined => /^examples\/[^/]+\//.exec(file)?.[0];
	nobody(
		own.filter(
			({ from, to }) => exampleOf(from) && !within(to, 'kit', 'eventing') && exampleOf(to) !== exampleOf(from),
		),
	);
	nobody(own.filter(({ from, to }) => exampleOf(to) && exampleOf(to) !== exampleOf(from)));
});

test('every folder in functions/ is a declared function, and every function has a folder', () => {
	expect([...new Set(files.map(roomOf))].filter(Boolean).sort()).toEqual(functions.map(({ name }) => name).sort());
});

test('the kit imports only itself and the eventing', () => {
	nobody(own.filter(({ from, to }) => within(from, 'kit') && !within(to, 'kit', 'eventing')));
});

test('only the command line, the bench and the configuration of vitest import tests', () => {
	const allowed = (file: string): boolean => within(file, 'cli', 'bench') || file === 'vitest.config.ts';
	nobody(own.filter(({ from, to }) => within(to, 'tests') && !allowed(from)));
});

test('the eventing imports only itself, and its broker also the HTTP server and the process of the kit', () => {
	nobody(
		own.filter(
			({ from, to }) =>
				within(from, 'eventing') &&
				!within(to, 'eventing') &&
				!(within(from, 'eventing/broker') && within(to, 'kit/net', 'kit/process')),
		),
	);
	nobody(
		own.filter(
			({ from, to }) => !within(from, 'eventing/broker', 'local', 'compose', 'cli') && within(to, 'eventing/broker'),
		),
	);
});

test('code outside of functions and the page imports only the declarations of functions', () => {
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

test('the page imports only itself, types of each api.ts and of the contract, and the path builder', () => {
	const told = (file: string): boolean => isApi(file) || file === 'kit/declare/contract.ts';
	const allowed = ({ to, types }: Import): boolean => (told(to) && types) || to === 'kit/declare/path.ts';
	nobody(own.filter((each) => within(each.from, 'web') && !within(each.to, 'web') && !allowed(each)));
	// The build generates the list of the page's screens.
	nobody(own.filter(({ from, to }) => within(to, 'web') && !within(from, 'web') && from !== 'build/pages.ts'));
});

test('only the build imports the API reference, which imports only functions, the kit and the eventing', () => {
	const sources = ['functions', 'kit', 'eventing', 'build/reference'];
	nobody(own.filter(({ from, to }) => within(from, 'build/reference') && !within(to, ...sources)));
	nobody(own.filter(({ from, to }) => within(to, 'build/reference') && !within(from, 'build')));
	nobody(own.filter(({ from }) => from === 'build/reference/docs.ts'));
});

test('only the command line and the bench import the laptop, Compose or the cluster; Compose also imports the laptop', () => {
	for (const place of ['local', 'compose', 'k8s']) {
		const allowed = place === 'local' ? [place, 'cli', 'bench', 'compose'] : [place, 'cli', 'bench'];
		nobody(own.filter(({ from, to }) => within(to, place) && !within(from, ...allowed)));
	}
});

test('no folder directly contains more than sixteen source files', () => {
	const crowded = Map.groupBy([...sources.keys()], dirname);
	expect([...crowded].filter(([, { length }]) => length > 16).map(([folder]) => folder)).toEqual([]);
});

test('no file consists only of re-exports', () => {
	const barrels = [...sources].filter(([, text]) => {
		const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
		return (
			/^\s*export\b[^;]*\bfrom\b/m.test(code) &&
			code.replace(/^\s*export\s+(type\s+)?(\*|\{)[^;]*?\sfrom\s+'[^']+';?/gm, '').trim() === ''
		);
	});
	expect(barrels.map(([file]) => file)).toEqual([]);
});

test('there are no import cycles', () => {
	// Type imports of tests can be cyclic, because they load nothing.
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

test('no code has the type any, and no file is called utils, helpers, common or misc', () => {
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

test('no path of a function is one of the page', () => {
	const screens = [...(sources.get('web/screens.ts') ?? '').matchAll(/path: '(\/[^/']*)/g)].map(([, path]) => path);
	expect(screens).toContain('/map');
	const routes = functions.flatMap(routesOf).map((route) => /^\/[^/]*/.exec(route)?.[0]);
	expect(routes.filter((route) => screens.includes(route))).toEqual([]);
});
