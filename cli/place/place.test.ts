import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { isAlive, tellRunning } from '../../local/running.ts';
import { listening } from '../../local/testing.ts';
import { Command } from '../../tests/command.ts';
import { copyProject } from '../../tests/copy.ts';
import { clusterCommands, commands, contextOf, folder } from './testing.ts';

let copied: Awaited<ReturnType<typeof copyProject>>;
beforeAll(async () => {
	copied = await copyProject();
});
afterAll(() => copied.remove());

/** Opens a shop in the copy's own data folder, with as much as the choice looks at. */
async function openShop(): Promise<{ pid: number; data: string }> {
	const { pid = 0 } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
	const data = join(copied.copy, '.data');
	mkdirSync(data, { recursive: true });
	tellRunning(data, {
		pid,
		url: 'http://localhost:1',
		control: await listening((_req, res) => res.end('{}')),
		urls: {},
	});
	onTestFinished(() => {
		rmSync(join(data, 'running.json'), { force: true });
		if (isAlive(pid)) process.kill(pid, 'SIGKILL');
	});
	return { pid, data };
}

const nowhere = 'http://127.0.0.1:1';
const bodega = (args: readonly string[], env: Record<string, string> = contextOf(nowhere)) =>
	Command.run(copied.copy, args, { env });

test('a given namespace never means the open shop on this machine, not even the default namespace', async () => {
	const { pid, data } = await openShop();
	const told = await Promise.all(
		[...commands, ...clusterCommands].map(async (args) => [args, await bodega([...args, '-n', 'bodega'])] as const),
	);
	for (const [args, { code, output }] of told) {
		expect([args, code]).toEqual([args, 3]);
		expect(output).not.toContain('this machine');
	}
	expect([isAlive(pid), existsSync(data)]).toEqual([true, true]);
});

test('a given data folder never means the cluster', async () => {
	await openShop();
	const data = folder();
	const told = await Promise.all(
		commands.map(async (args) => [args, await bodega([...args, '--data', data])] as const),
	);
	for (const [args, { code, output }] of told) {
		expect([args, code]).toEqual([args, 3]);
		expect(output).toContain(data);
		expect(output).not.toMatch(/context|kubectl/);
	}
});

test('without these options a command serves the open shop on this machine, and says so', async () => {
	const { pid, data } = await openShop();
	const shop = 'The shop on this machine, http://localhost:1';
	expect(await bodega(['open', '--no-browser'])).toEqual({
		code: 0,
		output: expect.stringContaining(`http://localhost:1`),
	});
	for (const command of ['backup', 'restore']) {
		const { code, output } = await bodega([command, ...(command === 'restore' ? ['/etc/hosts', '--yes'] : [])]);
		expect([code, output]).toEqual([2, expect.stringContaining(`bodega ${command} works only on a cluster`)]);
		expect(output).toContain(shop);
	}
	const unconfirmed = await bodega(['destroy']);
	expect([unconfirmed.code, unconfirmed.output]).toEqual([2, expect.stringContaining('Confirm it with --yes.')]);
	expect(isAlive(pid)).toBe(true);
	const stopped = await bodega(['stop']);
	expect([stopped.code, stopped.output]).toEqual([0, expect.stringContaining(`its data remains in ${data}`)]);
	expect([stopped.output.includes(shop), isAlive(pid)]).toEqual([true, false]);
});

test('a shop that is too busy to answer counts as open', async () => {
	const silent = await listening(() => {});
	const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
	onTestFinished(async () => {
		child.kill('SIGKILL');
		await once(child, 'exit');
	});
	const data = folder();
	tellRunning(data, { pid: child.pid as number, url: 'http://localhost:1', control: silent, urls: {} });
	const { code, output } = await bodega(['status', '--data', data]);
	expect([code, output]).toEqual([3, expect.stringContaining('The shop at http://localhost:1 does not answer')]);
});

test('without an open shop a command serves the cluster, and its failure says that no shop is open here', async () => {
	const told = await Promise.all([['status'], ['stop'], ['events']].map((args) => bodega(args)));
	for (const { code, output } of told) {
		expect(code).toBe(3);
		expect(output.replace(/^ {2}.* …\n/gm, '')).toMatch(
			/^No shop is open on this machine .* The (cluster of context "tested" does not answer|program "kubectl" was not found)[^\n]*$/,
		);
	}
});

test('rejects options that name both a shop on this machine and one on a cluster', async () => {
	for (const args of [
		['stop', '--data', folder(), '-n', 'bodega'],
		['start', '--on', 'laptop', '-n', 'bodega'],
		['admin', 'password', '--on', 'cluster', '--data', folder()],
		['destroy', '--cluster', '--data', folder()],
	]) {
		const { code, output } = await bodega(args);
		expect([code, output]).toEqual([2, expect.stringContaining('expected only one of them')]);
	}
});

test('a command does not turn to the cluster while the shop on this machine is opening', async () => {
	const { pid, data } = await openShop();
	writeFileSync(join(data, 'running.json'), JSON.stringify({ pid }));
	const { code, output } = await bodega(['status']);
	expect([code, output]).toEqual([3, expect.stringContaining('is still opening. Try again')]);
});
