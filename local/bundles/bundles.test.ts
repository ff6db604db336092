import { execFileSync, spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { copyProject } from '../../tests/copy.ts';
import type { Bundles } from './bundles.ts';
import type * as Stack from './stack.ts';

const { copy, remove } = await copyProject();
afterAll(remove);

let modules: { build: typeof import('../../build.ts'); bundles: typeof import('./bundles.ts') };
beforeAll(async () => {
	const load = (file: string) => import(pathToFileURL(join(copy, file)).href);
	modules = { build: await load('build.ts'), bundles: await load('local/bundles/bundles.ts') };
	// Makes info depend on users, as on a function that it calls.
	edit('functions/info/http.ts', (text) => `import '../users/api.ts';\n${text}`);
	await new modules.bundles.Bundles().refresh();
});

const changedAt = (name: string): number =>
	statSync(modules.build.outputOf(name), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Returns the bundles that `work` writes. */
async function written(work: () => Promise<unknown>): Promise<string[]> {
	const before = new Map(modules.build.bundles.map((name) => [name, changedAt(name)]));
	await work();
	return modules.build.bundles.filter((name) => changedAt(name) !== before.get(name)).sort();
}

const refresh = () => new modules.bundles.Bundles().refresh();
const edit = (file: string, change: (text: string) => string): void =>
	writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
const touch = (file: string): void => edit(file, (text) => `${text}\n`);
const functionsOf = () =>
	modules.build.bundles.filter(
		(name) => !['web', 'docs', 'code', 'migrate', 'metrics', 'broker', 'compose', 'shop'].includes(name),
	);

describe('at the start', () => {
	test('builds and writes nothing when nothing changed', async () => {
		const record = join(copy, 'dist', 'inputs.json');
		const { mtimeMs } = statSync(record);
		expect(await written(refresh)).toEqual([]);
		expect(statSync(record).mtimeMs).toBe(mtimeMs);
	});

	test.each([
		['functions/info/http.ts', () => ['info']],
		['web/main.tsx', () => ['web']],
		['web/index.html', () => ['web']],
		['build/reference/docs.html', () => ['docs']],
		['functions/users/api.ts', () => ['code', 'compose', 'docs', 'info', 'migrate', 'shop', 'users']],
		['eventing/migrations/001-eventing.sql', () => ['migrate']],
	])('rebuilds the bundles that depend on %s', async (file, wanted) => {
		touch(file);
		expect(await written(refresh)).toEqual(wanted());
		expect(await written(refresh)).toEqual([]);
	});

	test.each([
		['kit/serve/serve.ts', () => functionsOf().sort()],
		['package-lock.json', () => [...modules.build.bundles].sort()],
	])('reports the bundles that depend on %s as stale', async (file, wanted) => {
		const before = join(copy, 'before');
		// Restores the modification time, so that nothing is stale afterwards.
		execFileSync('cp', ['-p', join(copy, file), before]);
		touch(file);
		expect(new modules.bundles.Bundles().stale().sort()).toEqual(wanted());
		execFileSync('mv', [before, join(copy, file)]);
		expect(new modules.bundles.Bundles().stale()).toEqual([]);
	});

	test('runs the shop from its bundle, and from its sources once they have changed', async () => {
		const script = `
			import { loadShop } from './local/start/load.ts';
			const { start } = await loadShop('laptop');
			console.log(typeof start, process.moduleLoadList.includes('NativeModule internal/deps/undici/undici'));`;
		const loaded = () =>
			execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: copy, encoding: 'utf8' });
		// The sources are modules, which load all that `node:http` exports.
		expect(loaded()).toBe('function false\n');
		touch('local/main.ts');
		expect(loaded()).toBe('function true\n');
		expect(await written(refresh)).toEqual(['shop']);
		expect(loaded()).toBe('function false\n');
	});

	test.each(['info', 'web', 'docs', 'code'])('builds %s when it is missing', async (name) => {
		rmSync(modules.build.outputOf(name));
		expect(await written(refresh)).toEqual([name]);
	});

	test('maps the stack of a bundle to the sources, and to nothing in an image', async () => {
		const { withSources } = (await import(pathToFileURL(join(copy, 'local/bundles/stack.ts')).href)) as typeof Stack;
		const bundle = modules.build.outputOf('info');
		const failure = (): string => spawnSync(process.execPath, [bundle], { env: {}, encoding: 'utf8' }).stdout;
		const line = failure();
		expect(line).toContain(`${bundle}:`);
		const [, file = '', row] = /\((kit\/[^:]*):(\d+):\d+\)/.exec(withSources(line)) ?? [];
		const source = readFileSync(join(copy, file), 'utf8').split('\n')[Number(row) - 1];
		expect(source).toMatch(/throw new Error\($/);
		expect(withSources(line)).not.toContain(bundle);
		// An uncaught error names the line alone.
		const [uncaught = ''] = /[^(]+\.cjs:\d+/.exec(line.slice(line.indexOf(`${bundle}:`))) ?? [];
		expect(withSources(uncaught)).toBe(`${file}:${row}`);
		await modules.build.bundle('info', 'image');
		const minified = failure();
		expect(withSources(minified)).toBe(minified);
		expect(existsSync(`${bundle}.map`)).toBe(false);
		await modules.build.bundle('info', 'laptop');
	});

	test('builds everything again for the other form, and never leaves readable code for images', async () => {
		expect(new modules.bundles.Bundles('image').stale()).toEqual(modules.build.bundles);
		writeFileSync(modules.build.complete, '');
		touch('functions/info/http.ts');
		await refresh();
		expect(existsSync(modules.build.complete)).toBe(false);
	});

	test.runIf(process.platform === 'linux')('leaves no esbuild process after a build', async () => {
		rmSync(modules.build.outputOf('info'));
		await refresh();
		const children = (): string[] =>
			readdirSync('/proc/self/task')
				.flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '))
				.filter((pid) => existsSync(`/proc/${pid}/comm`))
				.map((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
		await expect.poll(children).not.toContain('esbuild');
	});

	test('reports a build error with its location, leaves the bundle unchanged, and builds it after a fix', async () => {
		edit('functions/info/http.ts', (text) => `${text}const = 1;\n`);
		expect(await written(() => expect(refresh()).rejects.toThrow(/functions\/info\/http\.ts:\d+:6/))).toEqual([]);
		touch('functions/users/http.ts');
		expect(await written(() => expect(refresh()).rejects.toThrow('functions/info/http.ts'))).toEqual(['users']);
		expect(await written(() => expect(refresh()).rejects.toThrow('functions/info/http.ts'))).toEqual([]);
		edit('functions/info/http.ts', (text) => text.replace('const = 1;\n', ''));
		expect(await written(refresh)).toEqual(['info']);
	});

	test('shows the sources of a function that run, also while a later source cannot be built', async () => {
		const shown = (): { path: string; text: string }[] =>
			JSON.parse(readFileSync(join(copy, 'dist', 'info', 'code', 'users.sources.json'), 'utf8'));
		const textOf = (file: string) => shown().find(({ path }) => path === file)?.text;
		expect(shown()[0]?.path).toBe('functions/users/function.ts');
		const built = readFileSync(join(copy, 'functions/users/http.ts'), 'utf8');
		expect(textOf('functions/users/http.ts')).toBe(built);
		expect(shown().some(({ path }) => path.endsWith('.sql'))).toBe(true);
		expect(shown().some(({ path }) => path.endsWith('.test.ts'))).toBe(false);
		edit('functions/users/http.ts', (text) => `${text}const = 1;\n`);
		await expect(refresh()).rejects.toThrow('functions/users/http.ts');
		expect(textOf('functions/users/http.ts')).toBe(built);
		edit('functions/users/http.ts', (text) => text.replace('const = 1;\n', '// A change.\n'));
		await refresh();
		expect(textOf('functions/users/http.ts')).toBe(`${built}// A change.\n`);
	});

	test('rebuilds what failed without a file when the file is back as it was', async () => {
		const file = join(copy, 'functions/info/http.ts');
		renameSync(file, `${file}.away`);
		await expect(refresh()).rejects.toThrow('functions/info/http.ts');
		renameSync(`${file}.away`, file);
		expect(await written(refresh)).toEqual(['info']);
		expect(await written(refresh)).toEqual([]);
	});

	test('leaves the migration and its files unchanged when its build fails', async () => {
		const file = join(copy, 'dist', 'migrate', 'eventing', 'migrations', '001-eventing.sql');
		edit('database/main.ts', (text) => `${text}const = 1;\n`);
		expect(await written(() => expect(refresh()).rejects.toThrow('database/main.ts'))).toEqual([]);
		expect(existsSync(file)).toBe(true);
		edit('database/main.ts', (text) => text.replace('const = 1;\n', ''));
		expect(await written(refresh)).toEqual(['migrate']);
	});
});

describe('while watching', () => {
	/** Watches the sources. `next` returns the reported changes one by one, with their builds. */
	function watching(): {
		next: () => Promise<{ name: string; built: Promise<void> }>;
		all: () => Promise<unknown>;
		shapes: string[];
	} {
		const builds: Promise<void>[] = [];
		const all = () => Promise.allSettled(builds);
		const told: { name: string; built: Promise<void> }[] = [];
		const awaited: (() => void)[] = [];
		const shapes: string[] = [];
		const bundles: Bundles = new modules.bundles.Bundles();
		const stop = bundles.watch(
			(name, built) => {
				builds.push(built);
				built.catch(() => {});
				told.push({ name, built });
				awaited.shift()?.();
			},
			(file) => shapes.push(file),
		);
		onTestFinished(async () => {
			stop();
			// Two watchers of the same files would write the same bundles in parallel.
			await all();
		});
		return {
			all,
			shapes,
			next: async () => {
				if (!told.length) await new Promise<void>((resolve) => awaited.push(resolve));
				return told.shift() as (typeof told)[number];
			},
		};
	}

	const contents = (name: string) => readFileSync(modules.build.outputOf(name), 'utf8');
	const say = (word: string) =>
		edit('functions/info/laptop.ts', (text) =>
			text.replace(/The runner of the [\w ]+ does not/, `The runner of the ${word} does not`),
		);

	test('rebuilds the bundles of a saved file, whether the editor writes or replaces it', async () => {
		const { next, shapes } = watching();
		const file = join(copy, 'functions/info/laptop.ts');
		for (const word of ['one', 'two']) {
			say(word);
			const { name, built } = await next();
			expect(name).toBe('info');
			await built;
			expect(contents('info')).toContain(`runner of the ${word} does not`);
		}
		for (const word of ['three', 'four']) {
			const text = readFileSync(file, 'utf8').replace(
				/The runner of the \w+ does not/,
				`The runner of the ${word} does not`,
			);
			writeFileSync(`${file}~`, text);
			renameSync(`${file}~`, file);
			const { name, built } = await next();
			expect(name).toBe('info');
			await built;
			expect(contents('info')).toContain(`runner of the ${word} does not`);
		}
		expect(shapes).toEqual([]);
	});

	test('waits until an emptied file is written before it builds', async () => {
		const { next, all } = watching();
		const file = join(copy, 'functions/info/laptop.ts');
		const text = readFileSync(file, 'utf8').replace(
			/The runner of the [\w ]+ does not/,
			'The runner of the slow does not',
		);
		truncateSync(file);
		const { built } = await next();
		// Longer than the pause before a build on an idle machine.
		await after(100);
		writeFileSync(file, text);
		await built;
		expect(contents('info').includes('runner of the slow does not')).toBe(true);
		await all();
	});

	test('builds again after a save during a build', async () => {
		const { next } = watching();
		// The pipe blocks the build. Opening it shows that the build has read the file that imports it.
		const pipe = join(copy, 'functions/info/pipe.ts');
		spawnSync('mkfifo', [pipe]);
		edit('functions/info/laptop.ts', (text) => `import './pipe.ts';\n${text}`);
		const { built } = await next();
		const end = await open(pipe, 'w');
		writeFileSync(`${pipe}~`, 'export {};\n');
		renameSync(`${pipe}~`, pipe);
		say('second save');
		await end.writeFile('export {};\n');
		await end.close();
		await built;
		expect(contents('info')).not.toContain('second save');
		await (await next()).built;
		expect(contents('info')).toContain('runner of the second save does not');
		expect(await written(refresh)).toEqual([]);
	});

	test('leaves a bundle unchanged when its build fails, and builds it after a fix', async () => {
		const { next } = watching();
		const before = contents('info');
		touch('functions/info/laptop.ts');
		await (await next()).built;
		edit('functions/info/laptop.ts', (text) => `import './mended.ts';\n${text}`);
		await expect((await next()).built).rejects.toThrow(/functions\/info\/laptop\.ts:1:7[\s\S]*mended\.ts/);
		expect(contents('info')).toBe(before);
		// The missing file was an input of no build.
		writeFileSync(join(copy, 'functions/info/mended.ts'), 'console.log("mended");\n');
		const { name, built } = await next();
		await built;
		expect([name, contents('info').includes('"mended"')]).toEqual(['info', true]);
		edit('functions/info/laptop.ts', (text) => text.replace("import './mended.ts';\n", ''));
		await (await next()).built;
		expect(contents('info')).toBe(before);
	});

	test.each([
		['the file of a target', 'functions/info/http.ts'],
		['a declaration', 'functions/info/function.ts'],
		['the folder of a function', 'functions/info'],
		['a package', 'node_modules'],
	])('builds again after %s was moved away and back', async (_what, path) => {
		const { next, all } = watching();
		const away = `${join(copy, path)}.away`;
		// A package is no input, so another change builds while it is away.
		renameSync(join(copy, path), away);
		if (path === 'node_modules') touch('functions/info/laptop.ts');
		const name = await refused(next);
		await all();
		renameSync(away, join(copy, path));
		for (;;) {
			const built = await next();
			if (built.name !== name) continue;
			await built.built;
			break;
		}
		await all();
		expect(await written(refresh)).toEqual([]);
	});

	/** Waits for a build that fails, and returns the bundle. */
	async function refused(next: ReturnType<typeof watching>['next']): Promise<string> {
		for (;;) {
			const { name, built } = await next();
			if (
				await built.then(
					() => false,
					() => true,
				)
			)
				return name;
		}
	}

	test('builds again when a file is mended that was imported for the first time', async () => {
		const { next } = watching();
		const part = join(copy, 'functions/info/part.ts');
		writeFileSync(part, 'export const = 1;\n');
		edit('functions/info/laptop.ts', (text) => `import './part.ts';\n${text}`);
		expect(await refused(next)).toBe('info');
		// Not created anew, so that only its content changes.
		writeFileSync(part, 'console.log("mended part");\n');
		await (await next()).built;
		expect(contents('info')).toContain('mended part');
		edit('functions/info/laptop.ts', (text) => text.replace("import './part.ts';\n", ''));
		await (await next()).built;
	});

	test('builds what has lost its output at the next change', async () => {
		const { next } = watching();
		rmSync(modules.build.outputOf('info'));
		touch('README.md');
		const { name, built } = await next();
		await built;
		expect([name, existsSync(modules.build.outputOf('info'))]).toEqual(['info', true]);
	});

	test('watches a new folder', async () => {
		const { next, shapes } = watching();
		mkdirSync(join(copy, 'functions/info/inner'));
		writeFileSync(join(copy, 'functions/info/inner/part.ts'), 'export const part = "first part";\n');
		edit('functions/info/laptop.ts', (text) => `import { part } from './inner/part.ts';\nconsole.log(part);\n${text}`);
		await (await next()).built;
		expect(contents('info')).toContain('first part');
		writeFileSync(join(copy, 'functions/info/inner/part.ts'), 'export const part = "second part";\n');
		await (await next()).built;
		expect(contents('info')).toContain('second part');
		expect(shapes).toEqual([]);
	});

	test.each(['functions/info/function.ts', 'functions/index.ts', 'functions/users/migrations/001-users.sql'])(
		'reports a change to %s as one of the declarations',
		async (file) => {
			const { shapes, next, all } = watching();
			touch(file);
			await next();
			await all();
			expect(shapes).toContain(file);
			expect(await written(refresh)).toEqual([]);
		},
	);
});
