import { randomUUID } from 'node:crypto';
import { cpSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FunctionList } from '../cli/scaffold/function-list.ts';
import { file as document, examplesDocument } from '../docs/examples.ts';
import { Shop } from '../tests/command.ts';
import { copyProject } from '../tests/copy.ts';

vi.setConfig({ testTimeout: 60_000 });

const here = import.meta.dirname;
const names = readdirSync(here, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const json = { 'content-type': 'application/json' };

describe('in an open shop', () => {
	let shop: Shop;
	let remove = (): void => {};

	beforeAll(async () => {
		const copied = await copyProject();
		remove = copied.remove;
		const list = new FunctionList(copied.copy);
		for (const name of names) {
			cpSync(join(here, name), join(copied.copy, 'functions', name), { recursive: true });
			list.add(name);
		}
		writeFileSync(join(copied.copy, FunctionList.file), list.text);
		const env = { DAILY_WORD_SCHEDULE: '* * * * * *' };
		shop = await Shop.open(copied.copy, join(copied.copy, '.data'), ['--port', '0'], { env });
	});

	afterAll(async () => {
		shop?.child.kill();
		await shop?.exit;
		remove();
	});

	const get = async <Answer>(path: string, headers = {}): Promise<Answer> =>
		(await (await shop.fetch(path, { headers })).json()) as Answer;

	test('dice rolls over HTTP', async () => {
		const { rolled } = await get<{ rolled: number[] }>('/api/dice?count=10');
		expect(rolled.filter((pips) => pips >= 1 && pips <= 6)).toHaveLength(10);
		expect((await shop.fetch('/api/dice?count=11')).status).toBe(422);
	});

	test('farewells handles an event', async () => {
		const account = { email: `${randomUUID()}@example.com`, name: 'Ada', password: 'an analytical engine' };
		const post = (path: string, body: object, init = {}) =>
			shop.fetch(path, { method: 'POST', headers: json, body: JSON.stringify(body), ...init });
		const { id } = (await (await post('/api/users', account)).json()) as { id: string };
		const { access_token } = (await (await post('/api/users/session', account)).json()) as { access_token: string };
		const headers = { ...json, authorization: `Bearer ${access_token}` };
		const left = await post('/api/users/me', { current_password: account.password }, { method: 'DELETE', headers });
		expect(left.status).toBe(204);
		const admin = await shop.admin();
		const rows = () => get<object[]>('/api/data/tables/farewells.farewells', admin);
		await expect.poll(rows, { timeout: 20_000 }).toMatchObject([{ account_id: id }]);
	});

	test('daily-word chooses words on its schedule', async () => {
		const word = async () => (await get<{ word?: string }>('/api/daily-word')).word;
		await expect.poll(word, { timeout: 20_000 }).toBeDefined();
		const first = await word();
		await expect.poll(word, { timeout: 20_000 }).not.toBe(first);
	});
});

const filesOf = (name: string): string[] => globSync(`${name}/**/*.*`, { cwd: here });

test.each(names)('%s is short', (name) => {
	const lines = filesOf(name).flatMap((file) => readFileSync(join(here, file), 'utf8').trim().split('\n'));
	expect(lines.length).toBeLessThan(70);
});

test('the document shows every file as it is', () => {
	const text = readFileSync(document, 'utf8');
	expect(text).toBe(examplesDocument());
	const shown = [...text.matchAll(/^`examples\/(.*)`:$/gm)].map(([, path]) => path);
	expect(shown.sort()).toEqual(names.flatMap(filesOf).sort());
});
