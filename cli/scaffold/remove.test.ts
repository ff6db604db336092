import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { base, functions } from '../../functions/index.ts';
import { Command, Shop } from '../../tests/command.ts';
import { copyWithLibrary } from '../../tests/copy.ts';
import { samples } from '../../tests/library/library.ts';
import { tools } from '../development/run.ts';

vi.setConfig({ testTimeout: 120_000 });

const { copy, remove } = await copyWithLibrary();
afterAll(remove);

const bodega = (...args: string[]) => Command.run(copy, args);

const files = (): Map<string, string> =>
	new Map(
		globSync('{docs,eventing,functions,k8s,tests,web}/**/*.*', { cwd: copy }).map((file) => [
			file,
			readFileSync(join(copy, file), 'latin1'),
		]),
	);

test.each([
	[['shelves'], 'loans calls shelves, and reacts to copy.missing of shelves'],
	[['shelves'], 'npx bodega remove shelves loans fines'],
	[['loans', 'shelves'], 'fines reacts to copy.reserved of shelves'],
	[['users'], 'Every shop needs the function "users"'],
	[['fines', 'toys'], 'Found no function "toys". Expected one of: '],
])('refuses to remove %j, and changes nothing', async (names, why) => {
	const before = files();
	const { code, output } = await bodega('remove', ...names);
	expect([code, output]).toEqual([2, expect.stringContaining(why)]);
	expect(files()).toEqual(before);
});

test('removes every function of the shop; the rest has right types, builds, starts and serves a new function', async () => {
	const shop = [...samples, ...functions.filter((fn) => !base.includes(fn))].map(({ name }) => name);
	const removed = await bodega('remove', ...shop);
	expect([removed.code, removed.code === 0 || removed.output]).toEqual([0, true]);
	const named = new RegExp(
		`^(functions|web|tests/(browser|acceptance|chaos/parts)|k8s/generated)/(${shop.join('|')})\\b`,
	);
	expect([...files().keys()].filter((file) => named.test(file))).toEqual([]);
	expect((await bodega('new', 'greeting')).code).toBe(0);
	const [node = '', ...tsc] = [...tools.tsc, '--noEmit', '-p', '.'];
	expect(spawnSync(node, tsc, { cwd: copy, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });

	const open = await Shop.open(copy, join(copy, '.data'), ['--port', '0']);
	onTestFinished(() => void open.child.kill());
	const answer = await open.fetch('/api/greeting?name=Ada');
	expect([answer.status, await answer.json()]).toEqual([200, { greeting: 'Hello, Ada!' }]);
	expect(await (await open.fetch('/')).text()).toContain('<title>');
	const told = (await (await open.fetch('/api/functions')).json()) as { function: string }[];
	expect([...new Set(told.map((fn) => fn.function))].sort()).toEqual(
		[...base.map(({ name }) => name), 'greeting'].sort(),
	);
	expect(await open.end('SIGTERM')).toBe(0);
});
