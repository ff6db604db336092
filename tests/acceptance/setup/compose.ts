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

/** Compose, for a shop beside the one that may be open already. */
async function compose(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
	await promisify(execFile)('docker', ['compose', '--project-name', 'bodega-acceptance', ...args], {
		cwd: root,
		env: { ...process.env, PAGE_PORT: port, API_PORT: '5100', RELAY_AFTER: '10', ...env },
		maxBuffer: 64_000_000,
	});
}

/**
 * Takes it away with its data. Docker may remove a container and not detach it, and keeps its network then, sometimes
 * until it is started anew (moby/moby#43286). Such a network has nothing of the shop in it, and the next one opens in it.
 */
const down = (env: Readonly<Record<string, string>>): Promise<void> => {
	const command = ['down', '--volumes'];
	return compose(command, env)
		.catch(() => compose(command, env))
		.catch((failure: Error) => {
			if (!failure.message.includes('has active endpoints')) throw failure;
		});
};

/** A new shop in containers, by the command its users type, with an empty database. */
export async function openCompose(): Promise<{ reach: Reach; close: () => Promise<void> }> {
	// What a URL and a file of environment have a meaning of their own for is a password's too.
	const env = { ADMIN_PASSWORD: randomUUID(), POSTGRES_PASSWORD: `a/b@c:d#e'f%20${randomUUID()}` };
	await buildAll();
	await down(env);
	await compose(['up', '--build', '--wait'], env);
	const names = functions.flatMap(targetsOf).map(({ name }) => name);
	return {
		reach: {
			target: 'compose',
			url: `http://127.0.0.1:${port}`,
			// All that is reached from without is the gateway.
			hosts: Object.fromEntries(names.map((name) => [name, 'localhost'])),
			adminPassword: env.ADMIN_PASSWORD,
			composeEnv: env,
		},
		close: () => down(env),
	};
}

/** The faults of Compose: by its own commands, as an operator's mistakes would be. */
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
		// Its triggers are in the broker's image: there it takes all its retries.
		setRetries: async () => {},
		loseBrokerMemory: () => crash('broker'),
		crashDatabase: () => crash('postgres'),
	};
}
