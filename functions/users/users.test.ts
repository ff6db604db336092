import { createHook } from 'node:async_hooks';
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { shop as product } from '../../shop.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import {
	asAdmin,
	asOwner,
	asUser,
	freshDatabase,
	recordedLog,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import type { User } from './api.ts';
import * as events from './events.ts';
import users from './function.ts';
import * as http from './http.ts';
import { forgive, note } from './limits/attempts.ts';
import { current } from './signing-keys.ts';

const room = { http, events };
const ada = { email: 'ada@example.com', name: 'Ada', password: 'correct horse' };

interface Shop extends Serving {
	readonly ownerUrl: string;
	sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

async function serveUsers(url?: string): Promise<Shop> {
	const ownerUrl = url ?? (await freshDatabase());
	const served = await serving(users, room, { ownerUrl });
	return {
		...served,
		ownerUrl,
		sql: (text, values) => asOwner(ownerUrl, async (db) => (await db.query(text, values)).rows),
	};
}

const post = ({ fetch }: Serving, path: string, body: unknown, headers: Record<string, string> = {}) =>
	fetch(path, { method: 'POST', body, headers });

const signUp = (shop: Serving, user: object = ada) => post(shop, '/api/users', user);

interface Session {
	readonly status: number;
	readonly headers: Headers;
	readonly token: string;
	/** The `Cookie` header with the refresh token, as a browser sends it. */
	readonly cookie: string;
}

async function session(answer: Response): Promise<Session> {
	const { access_token } = (await answer.json()) as { access_token?: string };
	const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
	return { status: answer.status, headers: answer.headers, token: access_token ?? '', cookie };
}

const signIn = async (shop: Serving, { email, password }: { email: string; password: string } = ada) =>
	session(await post(shop, '/api/users/session', { email, password }));

const refresh = async (shop: Serving, cookie: string) =>
	session(
		await shop.fetch('/api/users/session/refresh', {
			method: 'POST',
			headers: { cookie, 'content-type': 'application/json' },
		}),
	);

const me = async ({ fetch }: Serving, token: string) => {
	const answer = await fetch('/api/users/me', { headers: { authorization: `Bearer ${token}` } });
	return { status: answer.status, user: (await answer.json()) as User };
};

const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

test('a user who signs up can sign in and read their account', async () => {
	const shop = await serveUsers();
	const answer = await signUp(shop, { ...ada, email: ' Ada@Example.com', name: ' Ada ' });
	expect(answer.status).toBe(201);
	const user = (await answer.json()) as User;
	expect(user).toEqual({
		id: expect.any(String),
		email: 'ada@example.com',
		name: 'Ada',
		roles: ['user'],
		created_at: expect.any(String),
	});
	const { status, headers, token } = await signIn(shop, { ...ada, email: 'ADA@example.com' });
	expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
	expect(await me(shop, token)).toEqual({ status: 200, user });
	expect(Object.values((await shop.sql('select * from users.users'))[0] ?? {}).join()).not.toContain(ada.password);
});

test('creates one account per e-mail address, even for parallel sign-ups', async () => {
	const shop = await serveUsers();
	const answers = await Promise.all([signUp(shop), signUp(shop, { ...ada, email: 'ADA@example.com' })]);
	expect(statuses(answers)).toEqual([201, 409]);
	expect((await signUp(shop)).status).toBe(409);
});

test('rejects an invalid e-mail address, an empty name and a short password, naming each', async () => {
	const shop = await serveUsers();
	const answer = await signUp(shop, { email: 'ada', name: ' ', password: 'short' });
	expect(answer.status).toBe(422);
	const { errors } = (await answer.json()) as { errors: { field: string }[] };
	expect(errors.map(({ field }) => field)).toEqual(['body.email', 'body.name', 'body.password']);
	expect((await post(shop, '/api/users/session', { email: ada.email, password: '' })).status).toBe(422);
});

test('accepts a password in another Unicode normalization', async () => {
	const shop = await serveUsers();
	await signUp(shop, { ...ada, password: 'cr\u00e8me br\u00fbl\u00e9e' });
	expect((await signIn(shop, { ...ada, password: 'cre\u0300me bru\u0302le\u0301e' })).status).toBe(200);
});

test('a failed sign-in gives the same response and hashes the same, with or without an account', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	let hashes = 0;
	const counting = createHook({
		init: (_id, type) => {
			if (/argon2/i.test(type)) hashes += 1;
		},
	}).enable();
	onTestFinished(() => void counting.disable());
	const refusal = async (email: string) => {
		hashes = 0;
		const answer = await post(shop, '/api/users/session', { email, password: 'wrong horse' });
		const { traceId: _, ...problem } = (await answer.json()) as Record<string, unknown>;
		const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date'));
		return { status: answer.status, headers, problem, work: hashes };
	};
	const known = await refusal(ada.email);
	expect(known).toMatchObject({ status: 401, headers: { 'www-authenticate': `Bearer realm="${product.name}"` } });
	expect(known.work).toBe(1);
	expect(await refusal('nobody@example.com')).toEqual(known);
});

test('an access token holds the user and its expiry, and verifies with the published keys', async () => {
	const shop = await serveUsers();
	const user = (await (await signUp(shop)).json()) as User;
	const { token } = await signIn(shop);
	const [header = '', claims = '', signature = ''] = token.split('.');
	const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, number>;
	expect(decoded(header)).toEqual({ alg: 'EdDSA', kid: inject('signingKey').kid });
	const { iat = 0, ...rest } = decoded(claims);
	expect(rest).toEqual({
		iss: '/functions/users',
		aud: product.name,
		sub: user.id,
		roles: ['user'],
		sid: expect.any(String),
		exp: iat + 900,
	});
	expect(await shop.sql('select id from users.sessions')).toEqual([{ id: rest['sid'] }]);
	const { keys } = (await (await shop.fetch('/api/users/jwks')).json()) as { keys: Record<string, string>[] };
	const { d: _, ...publicKey } = inject('signingKey');
	expect(keys).toEqual([publicKey]);
	const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
	expect(verify(null, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
});

test('lists the accounts in pages for an admin only', async () => {
	const shop = await serveUsers();
	for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) await signUp(shop, { ...ada, email });
	expect((await shop.fetch('/api/users')).status).toBe(401);
	expect((await shop.fetch('/api/users', { headers: asUser() })).status).toBe(403);
	const emails: string[] = [];
	let next: string | undefined = '/api/users?limit=2';
	while (next) {
		const answer: Response = await shop.fetch(next, { headers: asAdmin });
		const page = (await answer.json()) as User[];
		expect(JSON.stringify(page)).not.toMatch(/password|argon/);
		emails.push(...page.map(({ email }) => email));
		next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
	}
	expect(emails).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
});

test('answers 404 to the token of a user who no longer exists', async () => {
	const shop = await serveUsers();
	expect((await shop.fetch('/api/users/me', { headers: asUser() })).status).toBe(404);
});

test('sets the refresh token in an HttpOnly, SameSite=Strict cookie limited to the session paths', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	const cookieOf = async (path: string, headers = {}) =>
		(await post(shop, path, { email: ada.email, password: ada.password }, headers)).headers.get('set-cookie');
	const rest = 'Max-Age=2592000; HttpOnly; SameSite=Strict';
	expect(await cookieOf('/api/users/session')).toMatch(
		new RegExp(`^bodega-refresh=[\\w-]{43}; Path=/api/users/session; ${rest}$`),
	);
	expect(await cookieOf('/api/utilisateurs/session', { 'x-forwarded-proto': 'https' })).toMatch(
		new RegExp(`; Path=/api/utilisateurs/session; ${rest}; Secure$`),
	);
	const { cookie } = await signIn(shop);
	const refreshed = await refresh(shop, cookie);
	expect(refreshed.headers.get('set-cookie')).toContain(`; Path=/api/users/session; ${rest}`);
	const hashes = await shop.sql(`select encode(hash, 'base64') as hash from users.refresh_tokens`);
	expect(JSON.stringify(hashes)).not.toContain(cookie.split('=')[1]);
});

test('a refresh returns a new access token and the next refresh token', async () => {
	const shop = await serveUsers();
	const user = (await (await signUp(shop)).json()) as User;
	let { cookie } = await signIn(shop);
	const seen = new Set([cookie]);
	for (let times = 0; times < 3; times += 1) {
		const next = await refresh(shop, `other=1; ${cookie}`);
		expect([next.status, next.headers.get('cache-control')]).toEqual([200, 'no-store']);
		expect(await me(shop, next.token)).toEqual({ status: 200, user });
		cookie = next.cookie;
		seen.add(cookie);
	}
	expect(seen.size).toBe(4);
	await shop.sql(`update users.users set roles = '{admin,user}'`);
	expect((await me(shop, (await refresh(shop, cookie)).token)).user.roles).toEqual(['admin', 'user']);
});

/** Ends the grace period, in which the last used token stays valid. */
const later = (shop: Shop) => shop.sql(`update users.refresh_tokens set used_at = used_at - interval '11 seconds'`);

test('reusing a refresh token ends its session and no other', async () => {
	const log = recordedLog();
	const shop = await serveUsers();
	await signUp(shop);
	const [stolen, other] = [await signIn(shop), await signIn(shop)];
	const next = await refresh(shop, stolen.cookie);
	await later(shop);
	const reused = await refresh(shop, stolen.cookie);
	expect([reused.status, reused.cookie]).toEqual([401, '']);
	expect((await refresh(shop, next.cookie)).status).toBe(401);
	expect((await refresh(shop, other.cookie)).status).toBe(200);
	expect(log.map(({ message }) => message)).toContain('a refresh token was reused, so its session was ended');
});

test('tabs that refresh in parallel all stay signed in, even across two instances', async () => {
	const shop = await serveUsers();
	const other = await serveUsers(shop.ownerUrl);
	await signUp(shop);
	let { cookie } = await signIn(shop);
	for (let times = 0; times < 5; times += 1) {
		const tabs = await Promise.all([shop, other, shop, other].map((tab) => refresh(tab, cookie)));
		expect(statuses(tabs)).toEqual([200, 200, 200, 200]);
		// The browser stores the cookie that it received last.
		cookie = tabs[times % 4]?.cookie ?? '';
	}
});

test('within the grace period, accepts the most recently used token again but no older one', async () => {
	recordedLog();
	const shop = await serveUsers();
	await signUp(shop);
	const first = await signIn(shop);
	const second = await refresh(shop, first.cookie);
	const third = await refresh(shop, second.cookie);
	expect((await refresh(shop, second.cookie)).status).toBe(200);
	expect((await refresh(shop, first.cookie)).status).toBe(401);
	expect((await refresh(shop, third.cookie)).status).toBe(401);
});

test('a second token issued within the grace period ends the session when it is used later', async () => {
	recordedLog();
	const shop = await serveUsers();
	await signUp(shop);
	const { cookie } = await signIn(shop);
	const [mine, thiefs] = [await refresh(shop, cookie), await refresh(shop, cookie)];
	const next = await refresh(shop, mine.cookie);
	await later(shop);
	expect((await refresh(shop, thiefs.cookie)).status).toBe(401);
	expect((await refresh(shop, next.cookie)).status).toBe(401);
});

test('a refresh in parallel with the end of its session leaves no session behind', async () => {
	recordedLog();
	const shop = await serveUsers();
	const other = await serveUsers(shop.ownerUrl);
	await signUp(shop);
	for (let times = 0; times < 8; times += 1) {
		const first = await signIn(shop);
		const second = await refresh(shop, first.cookie);
		await later(shop);
		const [next, ...reused] = await Promise.all(
			[second, first, first].map(({ cookie }, index) => refresh(index % 2 ? other : shop, cookie)),
		);
		expect(statuses(reused)).toEqual([401, 401]);
		expect([200, 401]).toContain(next?.status);
		expect((await refresh(shop, next?.cookie || second.cookie)).status).toBe(401);
	}
});

test('a session expires after 30 days without a refresh', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	const { cookie } = await signIn(shop);
	await shop.sql(`update users.sessions set expires_at = now() - interval '1 second'`);
	expect((await refresh(shop, cookie)).status).toBe(401);
});

test('answers 401 to a refresh without a session, and 415 to a content type that any site can send', async () => {
	const shop = await serveUsers();
	for (const cookie of ['', 'other=1', 'bodega-refresh=', 'bodega-refresh=guess', 'xbodega-refresh=1'])
		expect((await refresh(shop, cookie)).status).toBe(401);
	await signUp(shop);
	const { cookie } = await signIn(shop);
	for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded']) {
		const headers = { cookie, ...(type ? { 'content-type': type } : {}) };
		expect((await shop.fetch('/api/users/session/refresh', { method: 'POST', headers })).status).toBe(415);
	}
	expect((await refresh(shop, cookie)).status).toBe(200);
});

test('signing out deletes the cookie and ends the session', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	const { cookie } = await signIn(shop);
	const next = await refresh(shop, cookie);
	for (const headers of [{ cookie: next.cookie }, { cookie: next.cookie }, {}] as Record<string, string>[]) {
		const answer = await shop.fetch('/api/users/session', { method: 'DELETE', headers });
		expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
			204,
			'bodega-refresh=; Path=/api/users/session; Max-Age=0; HttpOnly; SameSite=Strict',
		]);
	}
	expect((await refresh(shop, next.cookie)).status).toBe(401);
	expect(await shop.sql('select from users.sessions')).toEqual([]);
});

const wrong = { email: ada.email, password: 'wrong horse' };
const attempt = (shop: Serving, from: string, credentials = wrong) =>
	post(shop, '/api/users/session', credentials, { 'x-forwarded-for': from });

/** Counts that many attempts, as if they had failed. */
const count = (shop: Shop, account: string | null, network: string | null, times: number) =>
	shop.sql(
		`insert into users.attempt_counts (account, network, count) values (sha256(convert_to($1, 'UTF8')), $2, $3)
		 on conflict (account, network) do update set count = excluded.count`,
		[account, network, times],
	);

test('allows ten failed sign-ins to one account from one network in 15 minutes, across instances', async () => {
	const shop = await serveUsers();
	const other = await serveUsers(shop.ownerUrl);
	await signUp(shop);
	const answers = await Promise.all(
		Array.from({ length: 14 }, (_, index) => attempt(index % 2 ? shop : other, '203.0.113.1')),
	);
	expect(statuses(answers)).toEqual([...Array(10).fill(401), ...Array(4).fill(429)]);
	const refused = await attempt(shop, '203.0.113.1', ada);
	expect(refused.status).toBe(429);
	const wait = Number(refused.headers.get('retry-after'));
	expect(wait).toBeGreaterThan(300);
	expect(wait).toBeLessThanOrEqual(900);
	expect(((await refused.json()) as { detail: string }).detail).toBe(
		`Too many attempts for this account from this address. Try again in ${wait} seconds.`,
	);
	await shop.sql(`update users.attempt_counts set since = since - interval '15 minutes'`);
	expect((await attempt(shop, '203.0.113.1', ada)).status).toBe(200);
});

test('failed sign-ins from other networks do not lock the owner out', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	const strangers = Array.from({ length: 12 }, (_, index) => attempt(shop, `203.0.113.${index}`));
	expect(statuses(await Promise.all(strangers))).toEqual(Array(12).fill(401));
	await count(shop, ada.email, null, 100_000);
	expect((await attempt(shop, '198.51.100.1', ada)).status).toBe(200);
});

test('refused attempts do not count for the network or the account', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	const counts = () =>
		shop.sql('select network, count from users.attempt_counts order by account nulls first, network');
	await count(shop, ada.email, '203.0.113.1/32', 10);
	expect((await attempt(shop, '203.0.113.1')).status).toBe(429);
	await count(shop, null, '203.0.113.2/32', 100);
	const full = await attempt(shop, '203.0.113.2');
	expect(full.status).toBe(429);
	expect(((await full.json()) as { detail: string }).detail).toMatch(
		/^Too many attempts from this address\. Try again/,
	);
	expect(await counts()).toEqual([
		{ network: '127.0.0.1/32', count: 1 },
		{ network: '203.0.113.2/32', count: 100 },
		{ network: '203.0.113.1/32', count: 10 },
		{ network: '203.0.113.2/32', count: 0 },
	]);
});

/** Returns connections of the function's role. */
function poolOf({ ownerUrl }: Shop): pg.Pool {
	const pool = new pg.Pool({ connectionString: roleUrl(ownerUrl, 'users'), max: 8 });
	// The database is dropped while they close. The pool reports the idle ones.
	pool.on('error', () => {});
	pool.on('connect', (client) => client.on('error', () => {}));
	onTestFinished(() => pool.end());
	return pool;
}

test('parallel attempts to several accounts from several networks are all counted, without a deadlock', async () => {
	const shop = await serveUsers();
	const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
	const networks = ['203.0.113.1', '203.0.113.2', '203.0.113.3'];
	const pool = poolOf(shop);
	const pairs = emails.flatMap((email) => networks.map((network) => [network, email] as const));
	await Promise.all(
		Array.from({ length: 8 }, () => pairs)
			.flat()
			.map(async ([network, email], index) => {
				const noted = await note(pool, network, email);
				if (index % 2) await forgive(pool, noted);
			}),
	);
	const summed = await shop.sql(
		`select account is null as of_network, network is null as of_account, sum(count) as sum
		 from users.attempt_counts group by 1, 2 order by 1, 2`,
	);
	expect(summed.map(({ sum }) => Number(sum))).toEqual([36, 36, 36]);
});

test('limits failed sign-ins of a nonexistent account in the same way', async () => {
	const shop = await serveUsers();
	const nobody = { ...wrong, email: 'nobody@example.com' };
	for (let times = 0; times < 10; times += 1) expect((await attempt(shop, '203.0.113.1', nobody)).status).toBe(401);
	expect((await attempt(shop, '203.0.113.1', nobody)).status).toBe(429);
	expect((await attempt(shop, '203.0.113.2', nobody)).status).toBe(401);
});

test('does not count successful sign-ins', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	for (let times = 0; times < 12; times += 1) expect((await signIn(shop)).status).toBe(200);
	expect(await shop.sql('select from users.attempt_counts where account is not null and count > 0')).toEqual([]);
});

test('allows a hundred failed sign-ins and sign-ups from one IPv4 address or IPv6 network', async () => {
	const shop = await serveUsers();
	const signUpFrom = (from: string) =>
		post(shop, '/api/users', { ...ada, email: `${randomUUID()}@example.com` }, { 'x-forwarded-for': from });
	await count(shop, null, '203.0.113.9/32', 99);
	expect((await signUpFrom('203.0.113.9')).status).toBe(201);
	const refused = await signUpFrom('203.0.113.9');
	expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
	expect((await attempt(shop, '203.0.113.9')).status).toBe(429);
	expect((await attempt(shop, '203.0.113.10')).status).toBe(401);
	await count(shop, null, '2001:db8:0:1::/64', 100);
	expect((await signUpFrom('2001:db8:0:1:ffff::7')).status).toBe(429);
	expect((await signUpFrom('2001:db8:0:2::7')).status).toBe(201);
});

test('counts the network that the outermost trusted proxy reports, whatever the client forges', async () => {
	const ownerUrl = await freshDatabase();
	const behind = (TRUSTED_PROXIES: string) => serving(users, room, { ownerUrl, env: { TRUSTED_PROXIES } });
	const counted = () =>
		asOwner(ownerUrl, async (db) => {
			const { rows } = await db.query('select network, count from users.attempt_counts where account is null');
			await db.query('delete from users.attempt_counts');
			return rows;
		});
	const [none, three, unknown] = [await behind('0'), await behind('3'), await behind('unknown')];
	for (const forged of ['198.51.100.1', '10.0.0.1, 198.51.100.2', 'x', '203.0.113.9, 203.0.113.9'])
		await attempt(three, `${forged}, 192.0.2.7, 10.244.0.7, 10.244.0.8`);
	expect(await counted()).toEqual([{ network: '192.0.2.7/32', count: 4 }]);
	for (const forged of ['198.51.100.1', '198.51.100.2, 10.0.0.1']) await attempt(none, forged);
	expect(await counted()).toEqual([{ network: '127.0.0.1/32', count: 2 }]);
	for (let times = 0; times < 12; times += 1) expect((await attempt(unknown, '198.51.100.1')).status).toBe(401);
	expect(await counted()).toEqual([]);
});

test('refuses the sign-ups beyond a bounded queue immediately, and serves other requests meanwhile', async () => {
	const log = recordedLog();
	const shop = await serveUsers();
	let made = 0;
	const flood = Array.from({ length: 60 }, async (_, index) => {
		const answer = await signUp(shop, { ...ada, email: `${index}@example.com` });
		if (answer.status === 201) made += 1;
		return answer;
	});
	await Promise.race(flood);
	expect(await keys(shop)).toHaveLength(1);
	// The other request did not wait for the queue.
	expect(made).toBeLessThan(21);
	const answers = await Promise.all(flood);
	expect(new Set(statuses(answers))).toEqual(new Set([201, 503]));
	expect(made).toBeGreaterThanOrEqual(21);
	for (const { status, headers } of answers) expect(headers.get('retry-after')).toBe(status === 503 ? '2' : null);
	expect(log.length).toBeGreaterThan(0);
	expect((await signUp(shop)).status).toBe(201);
});

/** Sends the daily event of the PingSource. */
async function daily({ ownerUrl }: Shop): Promise<void> {
	const ping = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/ping', 'ce-type': 'dev.knative.sources.ping' };
	const served = await servingEvents(users, room, { ownerUrl });
	expect((await served.fetch('/', { method: 'POST', headers: ping })).status).toBe(204);
}

const keys = async (shop: Shop) =>
	((await (await shop.fetch('/api/users/jwks')).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
const kidOf = (token: string) =>
	(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

test('creates the first signing key on demand, and only one for parallel requests', async () => {
	const shop = await serveUsers();
	await shop.sql('delete from users.signing_keys');
	const pool = poolOf(shop);
	const clients = await Promise.all(Array.from({ length: 8 }, () => pool.connect()));
	const made = await Promise.all(clients.map((client) => current(client).finally(() => client.release())));
	expect([...new Set(made.map(({ kid }) => kid))]).toEqual(await keys(shop));
	await signUp(shop);
	expect((await me(shop, (await signIn(shop)).token)).status).toBe(200);
});

test('a key signs for 30 days and verifies until its last token has expired', async () => {
	const shop = await serveUsers();
	const other = await serveUsers(shop.ownerUrl);
	const [first] = await keys(shop);
	await signUp(shop);
	const before = await signIn(shop);
	await shop.sql(`update users.signing_keys set created_at = now() - interval '29 days'`);
	await daily(shop);
	expect(await keys(shop)).toEqual([first]);
	await shop.sql(`update users.signing_keys set created_at = now() - interval '30 days 1 second'`);
	await Promise.all([daily(shop), daily(shop)]);
	expect(await keys(shop)).toHaveLength(2);
	const after = await signIn(shop);
	expect(kidOf(after.token)).not.toBe(first);
	for (const { token } of [before, after]) expect((await me(other, token)).status).toBe(200);
	await shop.sql(`update users.signing_keys set retired_at = retired_at - interval '20 minutes'`);
	await daily(shop);
	expect(await shop.sql('select kid from users.signing_keys')).toEqual([{ kid: kidOf(after.token) }]);
});

test('deletes expired sessions, tokens and attempts daily', async () => {
	const shop = await serveUsers();
	await signUp(shop);
	const [gone, kept] = [await signIn(shop), await signIn(shop)];
	await shop.sql(`update users.sessions set expires_at = now() - interval '1 second' where id = (
		select id from users.sessions order by created_at limit 1)`);
	const next = await refresh(shop, kept.cookie);
	await shop.sql(`update users.refresh_tokens set used_at = now() - interval '31 days' where used_at is not null`);
	await attempt(shop, '203.0.113.1');
	await shop.sql(`update users.attempt_counts set since = since - interval '16 minutes'`);
	await attempt(shop, '203.0.113.2');
	await daily(shop);
	expect(await shop.sql('select count(*) from users.sessions')).toEqual([{ count: 1 }]);
	expect(await shop.sql('select count(*) from users.refresh_tokens')).toEqual([{ count: 1 }]);
	expect(await shop.sql('select network from users.attempt_counts where network is not null')).toEqual([
		{ network: '203.0.113.2/32' },
		{ network: '203.0.113.2/32' },
	]);
	expect((await refresh(shop, gone.cookie)).status).toBe(401);
	expect((await refresh(shop, next.cookie)).status).toBe(200);
});

test('other functions can read only the public keys of users', async () => {
	const { sql } = await serveUsers();
	const readable = await sql(
		`select c.relname from pg_class c where relnamespace = 'users'::regnamespace and relkind in ('r', 'v')
		 and has_table_privilege('bodega_shelves', c.oid, 'select')`,
	);
	expect(readable).toEqual([{ relname: 'access_keys' }]);
	const columns = await sql(
		`select column_name from information_schema.columns where table_schema = 'users' and table_name = 'access_keys'`,
	);
	expect(columns.map(({ column_name }) => column_name)).toEqual(['kid', 'public_key']);
});
