import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { functions } from '../../functions/index.ts';
import { targetsOf } from '../../functions/kit/declare.ts';
import type { Faults } from './faults.ts';
import type { Reach } from './shop.ts';

const root = join(import.meta.dirname, '..', '..');

/** A new shop on this machine, by the command its users type, with an empty database; `env` is its settings. */
export async function openLaptop(
	env: Readonly<Record<string, string>> = {},
): Promise<{ reach: Reach; close: () => Promise<void> }> {
	const data = mkdtempSync(join(tmpdir(), 'bodega-acceptance-'));
	const shop = spawn(
		process.execPath,
		[join(root, 'bodega.mjs'), 'start', '--port', '3400', '--data', data, '--idle', '5'],
		{
			stdio: ['ignore', 'pipe', 'inherit'],
			env: { ...process.env, ...env },
		},
	);
	await opened(shop);
	const { url, control } = JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as {
		url: string;
		control: string;
	};
	const hosts = functions
		.flatMap(targetsOf)
		.map(({ name }) => [name, name === 'gateway' ? 'localhost' : `${name}.localhost`]);
	const adminToken = readFileSync(join(data, 'admin-token'), 'utf8').trim();
	return {
		reach: {
			target: 'local',
			url,
			hosts: Object.fromEntries(hosts) as Record<string, string>,
			adminToken,
			data,
			control,
		},
		close: async () => {
			const exit = once(shop, 'exit');
			shop.kill('SIGTERM');
			await exit;
			rmSync(data, { recursive: true, force: true });
		},
	};
}

async function opened(shop: ChildProcess): Promise<void> {
	const lines: string[] = [];
	for await (const line of createInterface({ input: shop.stdout as Readable })) {
		lines.push(line);
		if (!line.includes('Bodega is open')) continue;
		(shop.stdout as Readable).resume();
		return;
	}
	throw new Error(`the shop did not open:\n${lines.join('\n')}`);
}

/** The faults of the laptop: by the twin's control API, and by killing its processes. */
export function laptopFaults({ control = '', adminToken, data = '' }: Reach): Faults {
	const authorization = `Bearer ${adminToken}`;
	return {
		async setEnvironment(service, env) {
			const answer = await fetch(`${control}/functions/${service}/env`, {
				method: 'PUT',
				headers: { authorization },
				body: JSON.stringify(env),
			});
			if (!answer.ok) throw new Error(`the control API answered ${answer.status}: ${await answer.text()}`);
		},
		async loseBrokerMemory() {
			const answer = await fetch(`${control}/processes`, { headers: { authorization } });
			process.kill(((await answer.json()) as { broker: number }).broker, 'SIGKILL');
		},
		async crashDatabase() {
			const [pid] = readFileSync(join(data, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
			process.kill(Number(pid), 'SIGKILL');
		},
	};
}
