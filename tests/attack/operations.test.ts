import { createHmac, generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, expect, inject, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { hashPassword } from '../../kit/auth/password.ts';
import type { Access } from '../../kit/declare/contract.ts';
import { type Described, document, type Request, send, serve, validRequestTo } from '../described.ts';
import { startStandIns } from '../stand-ins.ts';
import { asAdmin, asOwner, asUser, claimsOf, freshDatabase, recordedLog, type Serving, signed } from '../testing.ts';

const served = functions.filter(({ name, api }) => api && name !== 'reference');

type Headers = Readonly<Record<string, string>>;

const outside = await startStandIns();
afterAll(outside.close);

const newKey = (): { privateKey: JsonWebKey; publicKey: JsonWebKey } => {
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	const kid = randomUUID();
	const jwk = (key: typeof publicKey): JsonWebKey => ({ ...key.export({ format: 'jwk' }), kid, alg: 'EdDSA' });
	return { privateKey: jwk(privateKey), publicKey: jwk(publicKey) };
};

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Returns values of `Authorization` that are no proof of anything, by what is wrong with them. All claim an admin. */
async function junk(ownerUrl: string): Promise<Record<string, string>> {
	const kid = String(inject('signingKey')['kid']);
	const claims = claimsOf(randomUUID(), ['admin', 'user']);
	const valid = signed(claims);
	const [head, , signature] = valid.split('.');
	const own = newKey();
	const [deleted, retired] = [newKey(), newKey()];
	await asOwner(ownerUrl, async (db) => {
		const insert = `insert into users.signing_keys (kid, private_key, public_key, retired_at) values ($1, $2, $3, now() - $4::interval)`;
		for (const { privateKey, publicKey } of [deleted, retired])
			await db.query(insert, [publicKey['kid'], privateKey, publicKey, '30 minutes']);
		await db.query('delete from users.signing_keys where kid = $1', [deleted.publicKey['kid']]);
	});
	const { exp: _exp, ...withoutEnd } = claims;
	const { roles: _roles, ...withoutRoles } = claims;
	const { sub: _sub, ...withoutSubject } = claims;
	const hashed = `${encoded({ alg: 'HS256', kid })}.${encoded(claims)}`;
	const tokens = {
		'no algorithm': `${encoded({ alg: 'none', kid })}.${encoded(claims)}.`,
		'no signature': `${head}.${encoded(claims)}.`,
		'the public key as a secret': `${hashed}.${createHmac('sha256', String(inject('signingKey').x))
			.update(hashed)
			.digest('base64url')}`,
		'changed claims': `${head}.${encoded({ ...claims, sub: randomUUID() })}.${signature}`,
		'another key with our id': signed(claims, { kid }, own.privateKey),
		'an unknown key': signed(claims, {}, own.privateKey),
		'its own key in the header': signed(claims, { jwk: own.publicKey }, own.privateKey),
		'a deleted key': signed(claims, {}, deleted.privateKey),
		'a key retired long ago': signed(claims, {}, retired.privateKey),
		'no key id': signed(claims, { kid: undefined }),
		'an unknown critical header': signed(claims, { crit: ['x'], x: 1 }),
		'an end in the past': signed({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 }),
		'a start in the future': signed({ ...claims, nbf: Math.floor(Date.now() / 1000) + 600 }),
		'another audience': signed({ ...claims, aud: 'another' }),
		'another issuer': signed({ ...claims, iss: '/functions/books' }),
		'no end': signed(withoutEnd),
		'no roles': signed(withoutRoles),
		'no subject': signed(withoutSubject),
		'a missing end': valid.slice(0, -10),
		'a missing part': valid.split('.').slice(0, 2).join('.'),
		'no dots': 'token',
		'a null byte': `${valid}%00`,
		'four parts': `${valid}.x`,
	};
	return {
		...Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, `Bearer ${token}`])),
		'another scheme': `Basic ${Buffer.from(`admin:${valid}`).toString('base64')}`,
		'a token without a scheme': valid,
		'a scheme without a token': 'Bearer',
		'two tokens': `Bearer ${valid}, Bearer ${valid}`,
		nothing: '',
	};
}

/** What an operation answers to a caller: it rejects the caller, or its own code decides. */
type Answer = '401' | '401 with error' | '403' | 'passes';
type Caller = 'anonymous' | 'user' | 'other user' | 'admin' | 'junk';

const expected: Readonly<Record<Access, Readonly<Record<Caller, Answer>>>> = {
	public: { anonymous: 'passes', user: 'passes', 'other user': 'passes', admin: 'passes', junk: 'passes' },
	optional: { anonymous: 'passes', user: 'passes', 'other user': 'passes', admin: 'passes', junk: '401 with error' },
	user: { anonymous: '401', user: 'passes', 'other user': 'passes', admin: 'passes', junk: '401 with error' },
	admin: { anonymous: '401', user: '403', 'other user': '403', admin: 'passes', junk: '401 with error' },
};

/** Reads the answer of the kit from a response; an operation's own 401 or 403 has no challenge for a bearer token. */
async function answerOf(response: Response, declared: readonly number[]): Promise<string> {
	const { status, headers } = response;
	const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
	const text = headers.get('content-type')?.startsWith('text/event-stream')
		? await response.body?.cancel()
		: await response.text();
	if (status !== 401 && status !== 403) return status < 500 || status === 503 ? 'passes' : `${status} ${text}`;
	const challenge = headers.get('www-authenticate') ?? '';
	if (!challenge && declared.includes(status)) return 'passes';
	if (!isProblem || !challenge.startsWith('Bearer realm=')) return `${status} without a challenge: ${text}`;
	if (status === 403) return challenge.includes('error="insufficient_scope"') ? '403' : `403 ${challenge}`;
	return challenge.includes('error="invalid_token"') ? '401 with error' : '401';
}

/** Junk that is no bearer token at all gets a 401 without an error code (RFC 6750, 3.1). */
const isRejected = (answer: string): string => (answer === '401' ? '401 with error' : answer);

// Each operation is called as each caller and with each junk token: about two thousand requests.
test('every operation admits exactly the callers that its contract declares', { timeout: 300_000 }, async () => {
	recordedLog();
	const ownerUrl = await freshDatabase();
	const hash = await hashPassword('correct horse');
	const ids = [randomUUID(), randomUUID()] as const;
	await asOwner(ownerUrl, (db) =>
		db.query(
			`insert into users.users (id, email, name, password_hash) select id, id || '@example.org', 'Ada', $2 from unnest($1::uuid[]) id`,
			[ids, hash],
		),
	);
	const junkOnes = await junk(ownerUrl);
	const callers: [Caller, string, Headers][] = [
		...Object.entries(junkOnes).map(([name, authorization]): [Caller, string, Headers] => [
			'junk',
			name,
			{ authorization },
		]),
		['anonymous', 'nobody', {}],
		['anonymous', 'a token in a cookie', { cookie: `access_token=${signed(claimsOf(ids[0], ['admin', 'user']))}` }],
		['user', 'the user', asUser(ids[0])],
		['other user', 'another user', asUser(ids[1])],
		['admin', 'an admin', asAdmin],
	];
	const serving = new Map<string, Serving>();
	for (const declaration of served) serving.set(declaration.name, await serve(declaration, ownerUrl, outside.env));
	const wrong: unknown[] = [];
	const called: string[] = [];
	for (const [path, methods] of Object.entries(document.paths))
		for (const [method, described] of Object.entries(methods) as [string, Described][]) {
			const [fn = ''] = described.tags;
			const operation = functions.find(({ name }) => name === fn)?.api?.operations[described.operationId];
			const { access = 'public', problems = [] } = operation ?? {};
			const schemes = described.security.map((scheme) => Object.keys(scheme).join());
			expect([path, method, schemes]).toEqual([
				path,
				method,
				{ public: [], optional: ['', 'bearer'], user: ['bearer'], admin: ['bearer'] }[access],
			]);
			// It serves files of its image, to everyone.
			if (fn === 'reference') {
				expect([path, access]).toEqual([path, 'public']);
				continue;
			}
			const [request] = fc.sample(validRequestTo(described), { numRuns: 1, seed: 1 });
			const call = async ([caller, name, headers]: (typeof callers)[number]): Promise<void> => {
				const response = await send(serving.get(fn) as Serving, method, path, request as Request, headers);
				const answer = await answerOf(response, problems);
				const found = caller === 'junk' ? isRejected(answer) : answer;
				if (found !== expected[access][caller]) wrong.push([method, path, access, name, found]);
			};
			// A public operation reads no token, so one kind of junk stands for all.
			await Promise.all(
				callers.filter(([, name]) => access !== 'public' || !(name in junkOnes) || name === 'no dots').map(call),
			);
			called.push(described.operationId);
		}
	expect(wrong).toEqual([]);
	expect(called.sort()).toEqual(served.flatMap(({ api }) => Object.keys(api?.operations ?? {})).sort());
});
