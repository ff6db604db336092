import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import { accessToken } from '../../kit/auth/claims.ts';
import type { Queryable, Transaction } from '../../kit/data/database.ts';

/** How long a key is used for signing, in days. */
const lifetime = 30;

interface SigningKey {
	readonly kid: string;
	readonly private_key: JWK;
}

/** Returns the current signing key. Creates the first key on demand. */
export async function current(db: Queryable): Promise<SigningKey> {
	for (;;) {
		const { rows } = await db.query<SigningKey>('select kid, private_key from signing_keys where retired_at is null');
		if (rows[0]) return rows[0];
		await add(db);
	}
}

/** Adds a key unless one is active. If several instances try in parallel, one succeeds. */
async function add(db: Queryable): Promise<void> {
	const kid = randomUUID();
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const jwk = (key: JsonWebKey) => JSON.stringify({ ...key, kid, alg: accessToken.algorithm, use: 'sig' });
	await db.query('insert into signing_keys (kid, private_key, public_key) values ($1, $2, $3) on conflict do nothing', [
		kid,
		jwk(privateKey.export({ format: 'jwk' })),
		jwk(publicKey.export({ format: 'jwk' })),
	]);
}

/** Replaces the signing key once it has reached its lifetime, and deletes keys whose last token has expired. */
export async function rotate(tx: Transaction): Promise<void> {
	const { rowCount } = await tx.query(
		`update signing_keys set retired_at = now()
		 where retired_at is null and created_at < now() - make_interval(days => $1)`,
		[lifetime],
	);
	if (rowCount) await add(tx);
	await tx.query('delete from signing_keys where kid not in (select kid from access_keys)');
}

/** Returns the public keys of all tokens that can still be valid. */
export async function publicKeys(db: Queryable): Promise<{ kid: string; kty: string }[]> {
	const { rows } = await db.query<{ public_key: { kid: string; kty: string } }>('select public_key from access_keys');
	return rows.map(({ public_key }) => public_key);
}
