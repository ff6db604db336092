import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../database/migrate.ts';
import { monitor, remover } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import { Bundles } from '../../local/bundles/bundles.ts';
import { type Postgres, startPostgres } from '../../local/postgres/postgres.ts';
import { linkMigrations, samples } from '../library/library.ts';
import { ownerOf } from '../run/owner.ts';

type Key = JsonWebKey & { kid: string };

declare module 'vitest' {
	interface ProvidedContext {
		/**
		 * The URL of the services that tests share, each started by its first request: `GET /postgres` returns the superuser's
		 * URL of one Postgres with a migrated database, and `GET /bundles` answers when `dist/` is built.
		 */
		services: string;
		/** The key that signs access tokens in every test's database, as a JWK. */
		signingKey: Key;
	}
}

/** Serves what the tests of a run share, until the run ends. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const directory = mkdtempSync(join(tmpdir(), 'bodega-postgres-'));
	const keys = newSigningKey();
	const open = async (): Promise<Postgres> => {
		const opened = await startPostgres({ directory, unsafe: true, maxConnections: 300 });
		await makeTemplate(opened.url, keys);
		return opened;
	};
	let postgres: Promise<Postgres> | undefined;
	let bundles: Promise<void> | undefined;
	const shared: Readonly<Record<string, () => Promise<string>>> = {
		'/postgres': async () => {
			postgres ??= open();
			return (await postgres).url;
		},
		'/bundles': async () => {
			bundles ??= new Bundles().refresh();
			await bundles;
			return '';
		},
	};
	const server = createServer((req, res) => {
		const share = shared[req.url ?? ''] as () => Promise<string>;
		share().then(
			(text) => res.end(text),
			(error: Error) => res.writeHead(500).end(error.stack),
		);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	project.provide('services', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	project.provide('signingKey', keys.privateKey);
	return async () => {
		server.close();
		await (await postgres)?.stop();
		rmSync(directory, { recursive: true, force: true });
	};
}

/** Generates a signing key for the function `users`, with which tests sign access tokens. */
function newSigningKey(): { privateKey: Key; publicKey: Key } {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const kid = randomUUID();
	const jwk = (key: typeof publicKey): Key => ({ ...key.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' });
	return { privateKey: jwk(privateKey), publicKey: jwk(publicKey) };
}

/** Creates the migrated database that is copied for each test. */
async function makeTemplate(
	serverUrl: string,
	{ privateKey, publicKey }: ReturnType<typeof newSigningKey>,
): Promise<void> {
	const run = async (url: string, sql: string, values: unknown[] = []): Promise<void> => {
		const owner = new pg.Client({ connectionString: url });
		await owner.connect();
		await owner.query(sql, values).finally(() => owner.end());
	};
	await run(serverUrl, 'create database template_bodega');
	const url = new URL(serverUrl);
	url.pathname = '/template_bodega';
	const { root, remove } = linkMigrations();
	await migrate({
		owner: ownerOf(url.href),
		functions: [...functions, ...samples],
		monitor,
		remover,
		root,
		ownServer: true,
	}).finally(remove);
	const insert = 'insert into users.signing_keys (kid, private_key, public_key) values ($1, $2, $3)';
	await run(url.href, insert, [privateKey.kid, privateKey, publicKey]);
}
