import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { folder } from '../testing.ts';
import { openDatabase } from './database.ts';

test('Postgres comes back on its port whenever it ends and whatever keeps it from starting', async () => {
	vi.stubEnv('DATABASE_URL', '');
	const lines: string[] = [];
	vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
	onTestFinished(() => void vi.restoreAllMocks());
	const closing: (() => unknown)[] = [];
	const data = folder();
	const { url } = await openDatabase({ data, fresh: false }, closing);
	onTestFinished(async () => void (await closing[0]?.()));
	const own = join(data, 'postgres', 'data');

	const pid = () => Number.parseInt(readFileSync(join(own, 'postmaster.pid'), 'utf8'), 10);
	/** Kills Postgres after the `before`, and waits for the attempt to start it again that the line shows. */
	const kill = async (line: RegExp): Promise<void> => {
		lines.splice(0);
		process.kill(pid(), 'SIGKILL');
		await expect.poll(() => lines.join('')).toMatch(line);
	};
	const answers = async (): Promise<void> => {
		await expect.poll(() => lines.join('')).toMatch(/accepts connections again/);
		const client = new pg.Client(url);
		await client.connect();
		await client.end();
	};

	// While it recovers: its successor is killed as soon as it has a process.
	await kill(/exited \(SIGKILL\); restarting in \d+ ms/);
	const first = pid();
	await expect
		.poll(
			() => {
				try {
					return pid() !== first && process.kill(pid(), 'SIGKILL');
				} catch {
					return false;
				}
			},
			{ interval: 1 },
		)
		.toBe(true);
	await answers();

	const { port } = new URL(url);
	const other = createServer();
	lines.splice(0);
	process.kill(pid(), 'SIGKILL');
	for (;;) {
		other.listen(Number(port), '127.0.0.1');
		if (
			await once(other, 'listening').then(
				() => true,
				() => false,
			)
		)
			break;
	}
	await expect
		.poll(() => lines.join(''))
		.toMatch(/restart failed, next attempt in \d+ ms: .*another program uses its port/);
	other.close();
	await answers();

	lines.splice(0);
	renameSync(join(own, 'global'), join(own, 'global.away'));
	process.kill(pid(), 'SIGKILL');
	await expect.poll(() => lines.join('')).toMatch(/restart failed/);
	renameSync(join(own, 'global.away'), join(own, 'global'));
	await answers();
});
