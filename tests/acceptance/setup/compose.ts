import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { buildAll } from '../../../build.ts';
import { functions } from '../../../functions/index.ts';
import { targetsOf } from '../../../kit/declare/declare.ts';
import type { Faults } from './faults.ts';
import type { Reach } from './shop.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const port = '5273';

/** Runs Docker Compose for a shop that does not collide with one that is already open. */
async function compose(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
	await promisify(execFile)('docker', ['compose', '--project-name', 'bodega-acceptance', ...args], {
		cwd: root,
		env: { ...process.env, PAGE_PORT: port, API_PORT: '5100', RELAY_AFTER: '10', ...env },
		maxBuffer: 64_000_000,
	});
}

/**
 * Removes the shop and its data. Docker can remove a container without detaching it from its network, which then stays,
 * sometimes until Docker restarts (moby/moby#43286). Such a network is empty, and the next shop reuses it.
 */
const down = (env: Readonly<Record<string, string>>): Promise<void> => {
	const command = ['down', '--volumes'];
	return compose(command, env)
		.catch(() => compose(command, env))
		.catch((failure: Error) => {
			if (!failure.message.includes('has active endpoints')) throw failure;
		});
};

/** Opens a new shop with an empty database in containers, with the command that its users type. */
export async function openCompose(): Promise<{ reach: Reach; close: () => Promise<void> }> {
	// The password contains characters with a special meaning in URLs and in `.env` files.
	const env = { ADMIN_PASSWORD: randomUUID(), POSTGRES_PASSWORD: `a/b@c:d#e'f%20${randomUUID()}` };
	await buildAll();
	await down(env);
	await compose(['up', '--build', '--wait'], env);
	const names = functions.flatMap(targetsOf).map(({ name }) => name);
	return {
		reach: {
			target: 'compose',
			url: `http://127.0.0.1:${port}`,
			// Only the gateway is reachable from outside.
			hosts: Object.fromEntries(names.map((name) => [name, 'localhost'])),
			adminPassword: env.ADMIN_PASSWORD,
			composeEnv: env,
		},
		close: () => down(env),
	};
}

/** Returns the faults for Compose, which use `docker compose`. */
export function composeFaults({ composeEnv = {} }: Reach): Faults {
	const crash = async (service: string): Promise<void> => {
		await compose(['kill', '--signal', 'SIGKILL', service], composeEnv);
		await compose(['start', service], composeEnv);
	};
	return {
		async setEnvironment(service, env) {
			const folder = mkdtempSync(join(tmpdir(), 'bodega-compose-'));
			const changed = join(folder, 'changed.yaml');
			writeFileSync(changed, stringify({ services: { [service]: { environment: env } } }));
			const files = ['--file', 'compose.yaml', '--file', changed];
			try {
				await compose([...files, 'up', '--no-deps', '--wait', service], composeEnv);
			} finally {
				rmSync(folder, { recursive: true });
			}
		},
		// The Triggers are part of the broker's image, so deliveries make all their declared retries.
		setRetries: async () => {},
		loseBrokerMemory: () => crash('broker'),
		crashDatabase: () => crash('postgres'),
	};
}
