import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../database/migrate.ts';
import { monitor } from '../../database/roles.ts';
import { seed } from '../../database/seed.ts';
import { functions } from '../../functions/index.ts';
import { isPassword } from '../../kit/auth/password.ts';
import { startPostgres } from '../../local/postgres/postgres.ts';
import { tellRunning } from '../../local/running.ts';
import { listening } from '../../local/testing.ts';
import { shop } from '../../shop.ts';
import { Command } from '../../tests/command.ts';
import { ownerOf } from '../../tests/run/owner.ts';
import { asOwner } from '../../tests/testing.ts';
import { root } from '../commands/options.ts';

const hashOf = (url: string): Promise<string> =>
	asOwner(url, async (db) => (await db.query(`select password_hash from users.users`)).rows[0]?.password_hash);

const run = (data: string, env: Record<string, string>, ...args: string[]) =>
	Command.run(root, ['admin', 'password', '--data', data, ...args], { env });

test('sets the admin’s password of an open and of a closed shop, and prints a random one once', {
	timeout: 120_000,
}, async () => {
	const data = mkdtempSync(join(tmpdir(), 'bodega-admin-'));
	onTestFinished(() => rmSync(data, { recursive: true, force: true }));
	expect(await run(data, {})).toMatchObject({
		code: 3,
		output: expect.stringContaining('No shop has its database in'),
	});

	const directory = join(data, 'postgres');
	const postgres = await startPostgres({ directory, unsafe: true });
	onTestFinished(() => postgres.stop());
	const owner = ownerOf(postgres.url);
	await migrate({ owner, functions, monitor, root });
	await seed(owner, functions);
	// A shop is open if its control API answers.
	const control = await listening((_req, res) => res.end('{}'));
	tellRunning(data, { pid: process.pid, url: '', control, urls: {} });
	const random = await run(data, { ADMIN_PASSWORD: '' });
	const [, password = ''] =
		new RegExp(`^${shop.firstAdmin}; password: ([\\w-]{20}) \\(shown only now\\)$`, 'm').exec(random.output) ?? [];
	expect([random.code, await isPassword(password, await hashOf(postgres.url))]).toEqual([0, true]);

	expect(await run(data, { ADMIN_PASSWORD: 'short' })).toMatchObject({
		code: 2,
		output: expect.stringContaining('ADMIN_PASSWORD has 5 characters: expected 8 to 200.\n'),
	});
	expect(await run(data, { ADMIN_PASSWORD: 'a new engine' }, 'nobody@example.com')).toMatchObject({
		code: 2,
		output: expect.stringContaining('No admin has the e-mail address nobody@example.com.'),
	});
	expect(await run(data, {}, '--ask')).toMatchObject({ code: 2, output: expect.stringContaining('no terminal') });
	expect(await isPassword(password, await hashOf(postgres.url))).toBe(true);

	await postgres.stop();
	rmSync(join(data, 'running.json'));
	const given = await run(data, { ADMIN_PASSWORD: 'a new engine' });
	expect([given.code, given.output]).toEqual([
		0,
		expect.stringContaining(`${shop.firstAdmin}; it has the new password`),
	]);
	expect(given.output).not.toContain('a new engine');
	const again = await startPostgres({ directory, unsafe: true });
	onTestFinished(() => again.stop());
	expect(await isPassword('a new engine', await hashOf(again.url))).toBe(true);
});
