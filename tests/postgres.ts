import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../database/migrate.ts';
import { monitor } from '../database/roles.ts';
import { functions } from '../functions/index.ts';
import { startPostgres } from '../local/postgres.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** The owner's URL of a migrated database, to make each test's own from. */
		templateUrl: string;
		/** The key that signs access tokens in that database, as a JWK. */
		signingKey: JsonWebKey & { kid: string };
	}
}

/** One real Postgres for all tests of a run, with a migrated database to copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const directory = mkdtempSync(join(tmpdir(), 'bodega-tests-'));
	const postgres = await startPostgres({ directory, unsafe: true, maxConnections: 300 });
	const owner = new pg.Client({ connectionString: postgres.url });
	await owner.connect();
	await owner.query('create database template_bodega');
	await owner.end();
	const url = new URL(postgres.url);
	url.pathname = '/template_bodega';
	await migrate({ ownerUrl: url.href, functions, monitor, root: join(import.meta.dirname, '..') });
	project.provide('templateUrl', url.href);
	project.provide('signingKey', await makeSigningKey(url.href));
	return async () => {
		await postgres.stop();
		rmSync(directory, { recursive: true, force: true });
	};
}

/** A key of users whose private half the tests know, so that they sign access tokens of their own. */
async function makeSigningKey(url: string): Promise<JsonWebKey & { kid: string }> {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const kid = randomUUID();
	const jwk = (key: typeof publicKey) => ({ ...key.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' });
	const owner = new pg.Client({ connectionString: url });
	await owner.connect();
	await owner.query('insert into users.signing_keys (kid, private_key, public_key) values ($1, $2, $3)', [
		kid,
		jwk(privateKey),
		jwk(publicKey),
	]);
	await owner.end();
	return jwk(privateKey);
}
