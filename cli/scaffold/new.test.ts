import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	globSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { functions } from '../../functions/index.ts';
import { Command, Shop } from '../../tests/command.ts';
import { copyProject } from '../../tests/copy.ts';
import { tools } from '../development/run.ts';
import { create } from './new.ts';

vi.setConfig({ testTimeout: 90_000 });

const root = join(import.meta.dirname, '..', '..');
const { copy, remove } = await copyProject();
afterAll(remove);

const bodega = (...args: string[]) => Command.run(copy, args);

const files = (): Map<string, string> =>
	new Map(
		globSync('functions/**/*.ts', { cwd: copy })
			.sort()
			.map((file) => [file, readFileSync(join(copy, file), 'utf8')]),
	);

describe('a new function', () => {
	test('creates a folder and adds a line to the list', async () => {
		const before = readFileSync(join(copy, 'functions/index.ts'), 'utf8');
		const { code, output } = await bodega('new', 'greeting');
		expect([code, output]).toEqual([0, expect.stringContaining('/api/greeting?name=Ada')]);
		expect(readdirSync(join(copy, 'functions/greeting')).sort()).toEqual([
			...['api.ts', 'function.ts', 'greeting.test.ts', 'http.ts'],
		]);
		const after = readFileSync(join(copy, 'functions/index.ts'), 'utf8');
		expect(
			after.replace("import greeting from './greeting/function.ts';\n", '').replace(/(,\s*)?\bgreeting\b/, ''),
		).toBe(before);
	});

	test('is served', async () => {
		const data = join(copy, '.data');
		const shop = await Shop.open(copy, data, ['--port', '0']);
		onTestFinished(() => void shop.child.kill());
		const answer = await shop.fetch('/api/greeting?name=Ada');
		expect([answer.status, await answer.json()]).toEqual([200, { greeting: 'Hello, Ada!' }]);
		const functions = (await (await shop.fetch('/api/functions')).json()) as { name: string }[];
		expect(functions).toContainEqual(expect.objectContaining({ name: 'greeting', state: 'ready' }));
		expect(await shop.end('SIGTERM')).toBe(0);
	});

	test('has generated manifests, and they and its own test pass', async () => {
		expect(await bodega('generate')).toEqual({ code: 0, output: expect.any(String) });
		expect(readFileSync(join(copy, 'k8s/generated/greeting.yaml'), 'utf8')).toContain('name: greeting');
		const { code, output } = await bodega(
			'test',
			'--project',
			'unit',
			'functions/greeting',
			'k8s/manifests',
			'k8s/schemas',
		);
		expect([code, code === 0 || output]).toEqual([0, true]);
		expect(output).toContain('functions/greeting/greeting.test.ts');
	});

	test('passes the type check', () => {
		// Checks only the list of functions and the new one: `npm run check` would take three times as long.
		const project = {
			extends: './tsconfig.json',
			include: ['functions/index.ts', 'functions/greeting', 'tests/run/services.ts'],
		};
		writeFileSync(join(copy, 'tsconfig.greeting.json'), JSON.stringify(project));
		const [node = '', ...tsc] = [...tools.tsc, '--noEmit', '-p', 'tsconfig.greeting.json'];
		expect(spawnSync(node, tsc, { cwd: copy, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
	});
});

/** The first name that is another function's alias. */
const aliases = functions
	.flatMap(({ name, aliases }) => aliases.map((path) => [path.slice('/api/'.length), name, path] as const))
	.map(([alias, name, path]) => [alias, `The functions "${name}" and "${alias}" both claim the path ${path}`] as const)
	.slice(0, 1);

test.each<readonly [string, string]>([
	['Greeting', 'is not a function name'],
	['9lives', 'is not a function name'],
	['gift--cards', 'is not a function name'],
	['gift_cards', 'is not a function name'],
	['../gifts', 'is not a function name'],
	['a'.repeat(43), 'is not a function name'],
	['users', 'functions/users already exists'],
	['delete', 'is a reserved name'],
	['web', 'is a reserved name'],
	['docs', 'is a reserved name'],
	['health', 'is a reserved name'],
	['metrics', 'is a reserved name'],
	['api', 'is a reserved name'],
	['events', 'The functions "event-log" and "events" both claim the path /api/events'],
	['map', 'The functions "info" and "map" both claim the path /api/map'],
	...aliases,
	['users-events', 'is the Service name of the event handlers of "users"'],
])('rejects "%s" and writes nothing', async (name, why) => {
	const before = files();
	const { code, output } = await bodega('new', name);
	expect([code, output]).toEqual([2, expect.stringContaining(why)]);
	expect(files()).toEqual(before);
});

test('formats the code of a new function for any name', async () => {
	const temporary = mkdtempSync(join(tmpdir(), 'bodega-new-'));
	onTestFinished(() => rmSync(temporary, { recursive: true }));
	mkdirSync(join(temporary, 'functions'));
	for (const file of ['biome.json', 'functions/index.ts']) cpSync(join(root, file), join(temporary, file));
	const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
	onTestFinished(() => said.mockRestore());
	const names = [
		'zebra',
		'a',
		'test',
		'http',
		'date',
		'users-a',
		'gift-cards-2',
		'kit10',
		'kit2',
		`long-${'x'.repeat(37)}`,
	];
	for (const name of names) create(name, temporary);

	const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
	const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'check', '--error-on-warnings'], {
		cwd: temporary,
		encoding: 'utf8',
	});
	expect([status, status === 0 || stdout + stderr]).toEqual([0, true]);
	expect(existsSync(join(temporary, 'functions/zebra/function.ts'))).toBe(true);
	const index = readFileSync(join(temporary, 'functions/index.ts'), 'utf8');
	for (const name of ['test', 'giftCards2', 'zebra'])
		expect(index).toMatch(new RegExp(`import ${name} from[^]*= \\[[^]*\\b${name},`));
});
