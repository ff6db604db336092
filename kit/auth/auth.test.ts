import { createPublicKey, generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { shop } from '../../shop.ts';
import {
	asAdmin,
	asOwner,
	asUser,
	claimsOf,
	freshDatabase,
	recordedLog,
	type Serving,
	serving,
	signed,
} from '../../tests/testing.ts';
import { contract } from '../declare/contract.ts';
import { declare } from '../declare/declare.ts';
import { implement } from '../http/http.ts';

const operation = <const A extends string>(access: A) =>
	({ method: 'GET', path: `/${access}`, summary: 'Records the caller', access }) as const;
const api = contract('/api/doors', {
	anyone: operation('public'),
	perhaps: operation('optional'),
	someone: operation('user'),
	boss: operation('admin'),
});
/** Named shelves because the database has a role of that name. */
const doors = declare({ name: 'shelves', purpose: 'A test function.', api, data: true });
const seen: unknown[] = [];
const look = (_input: unknown, _context: unknown, { identity }: { identity: unknown }): undefined =>
	void seen.push(identity);
const operations = implement(api, { anyone: look, perhaps: look, someone: look, boss: look });

const serveDoors = (ownerUrl: string): Promise<Serving> => serving(doors, { http: { operations } }, { ownerUrl });

interface Told {
	readonly status: number;
	readonly challenge: string | null;
	/** The identity that the operation received, if it ran. */
	readonly identity: unknown;
}

async function knock({ fetch }: Serving, door: string, headers: Record<string, string> = {}): Promise<Told> {
	seen.length = 0;
	const answer = await fetch(`/api/doors/${door}`, { headers });
	return { status: answer.status, challenge: answer.headers.get('www-authenticate'), identity: seen[0] };
}

const bearing = (token: string) => ({ authorization: `Bearer ${token}` });
const challenge = `Bearer realm="${shop.name}"`;
const refused = { status: 401, challenge: `${challenge}, error="invalid_token"`, identity: undefined };

test('passes the user to an operation, and rejects callers without access', async () => {
	const served = await serveDoors(await freshDatabase());
	const id = randomUUID();
	const user = { id, roles: ['user'] };
	const admin = expect.objectContaining({ roles: ['admin', 'user'] });
	const stranger = { status: 401, challenge, identity: undefined };
	expect(await knock(served, 'public')).toMatchObject({ status: 204, identity: undefined });
	expect(await knock(served, 'public', asUser(id))).toMatchObject({ status: 204, identity: undefined });
	expect(await knock(served, 'optional')).toMatchObject({ status: 204, identity: undefined });
	expect(await knock(served, 'optional', asUser(id))).toMatchObject({ status: 204, identity: user });
	expect(await knock(served, 'user')).toEqual(stranger);
	expect(await knock(served, 'user', asUser(id))).toMatchObject({ status: 204, identity: user });
	expect(await knock(served, 'user', asAdmin)).toMatchObject({ status: 204, identity: admin });
	expect(await knock(served, 'admin')).toEqual(stranger);
	expect(await knock(served, 'admin', asUser(id))).toEqual({
		status: 403,
		challenge: `${challenge}, error="insufficient_scope"`,
		identity: undefined,
	});
	expect(await knock(served, 'admin', asAdmin)).toMatchObject({ status: 204, identity: admin });
});

test('keeps responses that depend on the user out of shared caches', async () => {
	const { fetch } = await serveDoors(await freshDatabase());
	const kept = async (door: string, headers: Record<string, string> = {}) => {
		const answer = await fetch(`/api/doors/${door}`, { headers });
		return [answer.headers.get('vary'), answer.headers.get('cache-control')];
	};
	expect(await kept('public')).toEqual([null, null]);
	for (const [door, headers] of [
		['optional', {}],
		['optional', asUser()],
		['user', asUser()],
		['admin', asAdmin],
	] as const)
		expect(await kept(door, headers)).toEqual(['authorization', 'private, no-cache']);
	expect(await kept('user')).toEqual(['authorization', 'no-store']);
});

test('answers another scheme or a malformed token with 401 and the challenge alone', async () => {
	const served = await serveDoors(await freshDatabase());
	for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic eA==', 'Bearer a b', 'Bearer "x"'])
		for (const door of ['user', 'optional'])
			expect(await knock(served, door, { authorization })).toEqual({ status: 401, challenge, identity: undefined });
});

test('rejects a forged, altered, incomplete or expired token, and one for another audience', async () => {
	const served = await serveDoors(await freshDatabase());
	const key = inject('signingKey');
	const claims = claimsOf(randomUUID(), ['admin', 'user']);
	const [header, , signature] = signed(claims).split('.');
	const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
	const { d: _d, ...publicKey } = key;
	const pem = createPublicKey({ key: publicKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
	const hmac = (secret: string | Buffer) =>
		new SignJWT({ ...claims, roles: [...claims.roles] })
			.setProtectedHeader({ alg: 'HS256', kid: key.kid })
			.sign(Buffer.from(secret));
	const strangers = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
	const { exp: _exp, ...eternal } = claims;
	const { sub: _sub, ...nobodys } = claims;
	const { roles: _roles, ...roleless } = claims;
	const bad: Record<string, string> = {
		'not a token': 'guess',
		'other claims with the same signature': `${header}.${base64url({ ...claims, sub: randomUUID() })}.${signature}`,
		'no signature': `${header}.${base64url(claims)}.`,
		'alg none': `${base64url({ alg: 'none', kid: key.kid })}.${base64url(claims)}.`,
		'HS256 with the public key': await hmac(pem),
		'HS256 with the public key’s x': await hmac(Buffer.from(String(key.x), 'base64url')),
		'another key under the same id': signed(claims, { kid: key.kid }, strangers),
		'an unknown key': signed(claims, { kid: randomUUID() }),
		'a key in the token itself': signed(claims, { kid: undefined, jwk: publicKey }, strangers as JsonWebKey),
		'a critical header': signed(claims, { crit: ['x'], x: 1 }),
		'another issuer': signed({ ...claims, iss: '/functions/shelves' }),
		'another audience': signed({ ...claims, aud: 'elsewhere' }),
		expired: signed({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 }),
		'without an expiry': signed(eternal),
		'without a subject': signed(nobodys),
		'without roles': signed(roleless),
	};
	for (const [what, token] of Object.entries(bad))
		for (const door of ['user', 'optional'])
			expect([what, await knock(served, door, bearing(token))]).toEqual([what, refused]);
	expect((await knock(served, 'user', bearing(signed(claims)))).status).toBe(204);
});

test('reports an expired token differently from an invalid one, so that a client can refresh it', async () => {
	const { fetch } = await serveDoors(await freshDatabase());
	const detailOf = async (token: string) =>
		((await (await fetch('/api/doors/user', { headers: bearing(token) })).json()) as { detail: string }).detail;
	const expired = signed({ ...claimsOf(randomUUID(), []), exp: 1 });
	expect(await detailOf(expired)).toMatch(/^The access token has expired\. .*refresh/);
	expect(await detailOf('x')).toMatch(/^The bearer token is not an access token of this shop\./);
});

/** Adds a signing key with its public half, as users does, and returns the private key. */
async function addKey(ownerUrl: string): Promise<JsonWebKey & { kid: string }> {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const kid = randomUUID();
	await asOwner(ownerUrl, async (db) => {
		await db.query('update users.signing_keys set retired_at = now() where retired_at is null');
		await db.query('insert into users.signing_keys (kid, private_key, public_key) values ($1, $2, $3)', [
			kid,
			{},
			{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA' },
		]);
	});
	return { ...privateKey.export({ format: 'jwk' }), kid };
}

/** Replaces the clock of the key cache with one that the test advances. */
function clock(): { advance(milliseconds: number): void } {
	let at = 1e6;
	const now = vi.spyOn(performance, 'now').mockImplementation(() => at);
	onTestFinished(() => now.mockRestore());
	return {
		advance: (milliseconds) => {
			at += milliseconds;
		},
	};
}

test('accepts a new key with its first token, and the previous key until its last token has expired', async () => {
	const time = clock();
	const ownerUrl = await freshDatabase();
	const served = await serveDoors(ownerUrl);
	const before = asUser();
	expect((await knock(served, 'user', before)).status).toBe(204);
	const key = await addKey(ownerUrl);
	const after = bearing(signed(claimsOf(randomUUID(), ['user']), {}, key));
	time.advance(2_001);
	expect((await knock(served, 'user', after)).status).toBe(204);
	expect((await knock(served, 'user', before)).status).toBe(204);
	await asOwner(ownerUrl, (db) =>
		db.query(`update users.signing_keys set retired_at = now() - interval '21 minutes' where retired_at is not null`),
	);
	expect((await knock(served, 'user', before)).status).toBe(204);
	time.advance(5 * 60_000 + 1);
	expect(await knock(served, 'user', before)).toEqual(refused);
	expect((await knock(served, 'user', after)).status).toBe(204);
});

test('does not query the keys for each token with an unknown key', async () => {
	const time = clock();
	const ownerUrl = await freshDatabase();
	const served = await serveDoors(ownerUrl);
	expect((await knock(served, 'user', asUser())).status).toBe(204);
	const key = await addKey(ownerUrl);
	const after = bearing(signed(claimsOf(randomUUID(), ['user']), {}, key));
	time.advance(1_999);
	expect(await knock(served, 'user', after)).toEqual(refused);
	time.advance(2);
	expect((await knock(served, 'user', after)).status).toBe(204);
});

test('answers 503 when the database is unavailable during verification, and 500 when a query is wrong', async () => {
	recordedLog();
	const nowhere = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };
	const away = await serving(doors, { http: { operations } }, { env: nowhere });
	const answer = await away.fetch('/api/doors/user', { headers: asUser() });
	expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
	expect((await away.fetch('/api/doors/user')).status).toBe(401);
	const ownerUrl = await freshDatabase();
	await asOwner(ownerUrl, async (db) => {
		const database = new URL(ownerUrl).pathname.slice(1);
		await db.query(`alter role bodega_shelves in database ${database} set statement_timeout = '10ms'`);
		await db.query('begin; lock table users.signing_keys in access exclusive mode');
		expect((await knock(await serveDoors(ownerUrl), 'user', asUser())).status).toBe(503);
		await db.query('rollback');
		await db.query(`alter role bodega_shelves in database ${database} reset statement_timeout`);
		await db.query('drop view users.access_keys');
	});
	expect((await knock(await serveDoors(ownerUrl), 'user', asUser())).status).toBe(500);
});
