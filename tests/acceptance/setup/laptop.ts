import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Document, parseAllDocuments } from 'yaml';
import { functions } from '../../../functions/index.ts';
import { targetsOf } from '../../../kit/declare/declare.ts';
import { guard } from '../../../kit/process/guard.ts';
import { shop as product } from '../../../shop.ts';
import { startStandIns } from '../../stand-ins.ts';
import type { Faults } from './faults.ts';
import type { Reach } from './shop.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/**
 * Opens a shop on this machine, with the command that its users type.
 * @param env variables added to its environment
 * @param idle seconds without a request until a function scales to zero
 * @param args further arguments of the command
 * @param place the port, and the folder of a shop that stays; by default the shop is new, and is removed when it closes
 */
export async function openLaptop(
	env: Readonly<Record<string, string>> = {},
	idle = 5,
	args: readonly string[] = [],
	place: { readonly port?: number; readonly data?: string; readonly adminPassword?: string } = {},
): Promise<{ reach: Reach; close: () => Promise<void> }> {
	const adminPassword = place.adminPassword ?? randomUUID();
	const outside = await startStandIns();
	const data = place.data ?? mkdtempSync(join(tmpdir(), 'bodega-acceptance-'));
	const options = ['--port', String(place.port ?? 3400), '--data', data, '--idle', String(idle), ...args];
	const command = spawn(join(root, 'bodega'), ['start', ...options], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: {
			...process.env,
			ADMIN_PASSWORD: adminPassword,
			...outside.env,
			...env,
		},
	});
	const shop = guard(command);
	// Otherwise the servers outside would keep the process of a failed test or bench running.
	await opened(shop).catch((error) => {
		outside.close();
		throw error;
	});
	const { url, control } = JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as {
		url: string;
		control: string;
	};
	const hosts = functions
		.flatMap(targetsOf)
		.map(({ name }) => [name, name === 'gateway' ? 'localhost' : `${name}.localhost`]);
	return {
		reach: {
			target: 'local',
			url,
			hosts: Object.fromEntries(hosts) as Record<string, string>,
			adminPassword,
			data,
			control,
			controlToken: readFileSync(join(data, 'control-token'), 'utf8'),
		},
		close: async () => {
			const exit = once(shop, 'exit');
			shop.kill('SIGTERM');
			await exit;
			outside.close();
			if (!place.data) rmSync(data, { recursive: true, force: true });
		},
	};
}

/** Returns the superuser's URL of a shop's Postgres. */
export function ownerUrl({ data = '' }: Reach): string {
	const password = readFileSync(join(data, 'postgres', 'password'), 'utf8').trim();
	// The fourth line of postmaster.pid is the port.
	const port = readFileSync(join(data, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[3];
	return `postgresql://bodega:${password}@127.0.0.1:${port}/bodega`;
}

async function opened(shop: ChildProcess): Promise<void> {
	const lines: string[] = [];
	for await (const line of createInterface({ input: shop.stdout as Readable })) {
		lines.push(line);
		if (!line.includes(`${product.title} is open`)) continue;
		(shop.stdout as Readable).resume();
		return;
	}
	throw new Error(`the shop did not open:\n${lines.join('\n')}`);
}

/** Returns the faults for the laptop, which use the shop's control API and kill its processes. */
export function laptopFaults({ control = '', controlToken, data = '' }: Reach): Faults {
	const authorization = `Bearer ${controlToken}`;
	return {
		async setEnvironment(service, env) {
			const answer = await fetch(`${control}/functions/${service}/env`, {
				method: 'PUT',
				headers: { authorization },
				body: JSON.stringify(env),
			});
			if (!answer.ok) throw new Error(`the control API answered ${answer.status}: ${await answer.text()}`);
		},
		async setRetries(trigger, retries) {
			const file = join(data, 'triggers.yaml');
			const manifests = parseAllDocuments(readFileSync(file, 'utf8')) as Document[];
			const changed = manifests.find((manifest) => manifest.getIn(['metadata', 'name']) === trigger);
			changed?.setIn(['spec', 'delivery', 'retry'], retries);
			writeFileSync(file, manifests.join(''));
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
