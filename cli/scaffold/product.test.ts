import { execFileSync, spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { base, functions } from '../../functions/index.ts';
import { Command, Shop } from '../../tests/command.ts';
import { root } from '../commands/options.ts';
import { example } from './example.ts';

vi.setConfig({ testTimeout: 120_000 });

const temporary = mkdtempSync(join(tmpdir(), 'bodega-product-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));
const product = join(temporary, 'corner');

const git = (...args: string[]): string => execFileSync('git', args, { cwd: product, encoding: 'utf8' });
const read = (file: string): string => readFileSync(join(product, file), 'utf8');

describe('a new product', () => {
	beforeAll(async () => {
		const { code, output } = await Command.run(root, ['new', '--shop', 'corner-shop', product]);
		expect([code, code === 0 || output]).toEqual([0, true]);
		expect(output).toContain('npm start');
		symlinkSync(join(root, 'node_modules'), join(product, 'node_modules'));
		// The file ignores only a folder of this name.
		writeFileSync(join(product, '.git', 'info', 'exclude'), 'node_modules\n');
	});

	test('is a repository with one commit, and nothing beside it', () => {
		expect(git('log', '--format=%s')).toBe('Start Corner shop\n');
		expect(git('status', '--short')).toBe('');
		expect(readdirSync(temporary).filter((name) => name.startsWith('.'))).toEqual([]);
	});

	test('has its own names, and none of the functions of this shop', () => {
		expect(JSON.parse(read('package.json'))).toMatchObject({ name: 'corner-shop', version: '0.1.0' });
		expect(JSON.parse(read('package-lock.json'))).toMatchObject({ name: 'corner-shop' });
		expect(read('README.md')).toMatch(/^# Corner shop\n/);
		expect(read('k8s/generated/namespace.yaml')).toContain('name: corner-shop');
		expect(read(`k8s/generated/${example}.yaml`)).toContain('image: dev.local/corner-shop-');
		expect(read(`k8s/generated/${example}.yaml`)).toContain('type: dev.corner-shop.');
		expect(read('web/index.html')).toContain('<title>Corner shop</title>');
		const gone = functions.filter((fn) => !base.includes(fn) && fn.name !== example).map(({ name }) => name);
		const named = new RegExp(`(^|/)(${gone.join('|')})(-events)?[./]`);
		const files = git('ls-files', 'functions', 'web', 'eventing/catalog', 'k8s/generated', 'tests').trim().split('\n');
		expect(files.filter((file) => gone.length && named.test(file))).toEqual([]);
		const own = [
			'README.md',
			'CHANGELOG.md',
			'package.json',
			'Jenkinsfile',
			'Vagrantfile',
			'.github',
			'ansible',
			'compose.yaml',
		];
		const said = spawnSync(
			'git',
			['grep', '-nwE', [...gone, 'dev\\.bodega'].join('|'), '--', ...own, 'k8s/generated'],
			{
				cwd: product,
				encoding: 'utf8',
			},
		).stdout;
		expect(said).toBe('');
	});

	test('passes its check', async () => {
		const { code, output } = await Command.run(product, ['check']);
		expect([code, code === 0 || output]).toEqual([0, true]);
	});

	test('passes the test of its function', async () => {
		const { code, output } = await Command.run(product, ['test', '--project', 'unit', `functions/${example}`]);
		expect([code, code === 0 || output]).toEqual([0, true]);
	});

	test('opens under its name, and its function handles its event', async () => {
		const shop = await Shop.open(product, join(product, '.data'), ['--port', '0']);
		onTestFinished(() => void shop.child.kill());
		expect(shop.output).toContain('Corner shop is open');
		expect(await (await shop.fetch('/')).text()).toContain('<title>Corner shop</title>');
		const signed = await shop.fetch(`/api/${example}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ name: 'Ada', message: 'I shall come again.' }),
		});
		const place = signed.headers.get('location') ?? '';
		const thanks = async () => ((await (await shop.fetch(place)).json()) as { thanks: string | null }).thanks;
		await expect.poll(thanks).toBe('Thank you, Ada!');
		expect(await (await shop.fetch('/api/events')).json()).toMatchObject([
			{ type: `dev.corner-shop.${example}.signed` },
		]);
		expect(await shop.end('SIGTERM')).toBe(0);
	});

	test('can do without its example', async () => {
		const removed = await Command.run(product, ['remove', example]);
		expect([removed.code, removed.code === 0 || removed.output]).toEqual([0, true]);
		expect(existsSync(join(product, 'web', example))).toBe(false);
	});
});

describe('refuses, and writes nothing:', () => {
	const full = join(temporary, 'full');
	mkdirSync(full);
	writeFileSync(join(full, 'file'), '');
	test.each([
		['Corner', 'new', '--shop Corner: expected at most 14 lower-case letters'],
		['corner_shop', 'new', '--shop corner_shop: expected at most 14'],
		['a'.repeat(15), 'new', 'expected at most 14'],
		['postgres', 'new', '--shop postgres: the name is taken; choose another, such as "my-postgres"'],
		['react', 'new', 'the name is taken'],
		[example, 'new', 'the name is taken'],
		['corner', 'full', 'is not empty: expected a new or an empty folder'],
		[
			'corner',
			relative(temporary, join(root, 'inside')),
			'expected a folder outside of this project, such as ../corner',
		],
	])('the name %s in the folder %s', async (name, folder, why) => {
		const before = readdirSync(temporary);
		const { code, output } = await Command.run(root, ['new', '--shop', name, join(temporary, folder)]);
		expect([code, output]).toEqual([2, expect.stringContaining(why)]);
		expect(readdirSync(temporary)).toEqual(before);
	});
});
