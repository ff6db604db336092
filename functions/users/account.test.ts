import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
	asOwner,
	asUser,
	freshDatabase,
	recordedLog,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import * as events from './events.ts';
import users from './function.ts';
import * as http from './http.ts';

const password = 'correct horse';
const changed = 'battery staple';

interface Shop extends Serving {
	sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

interface Session {
	readonly authorization: string;
	/** The `Cookie` header with the refresh token. */
	readonly cookie: string;
}

async function serveUsers(): Promise<Shop> {
	const ownerUrl = await freshDatabase();
	const served = await serving(users, { http, events }, { ownerUrl });
	return { ...served, sql: (text, values) => asOwner(ownerUrl, async (db) => (await db.query(text, values)).rows) };
}

const signIn = ({ fetch }: Serving, email: string, typed = password): Promise<Response> =>
	fetch('/api/users/session', { method: 'POST', body: { email, password: typed } });

async function session(shop: Serving, email: string, typed = password): Promise<Session> {
	const answer = await signIn(shop, email, typed);
	expect(answer.status).toBe(200);
	const { access_token } = (await answer.json()) as { access_token: string };
	return { authorization: `Bearer ${access_token}`, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

/** Creates an account. Returns its id and a session. */
async function account(shop: Serving, email: string): Promise<Session & { id: string }> {
	const answer = await shop.fetch('/api/users', { method: 'POST', body: { email, name: 'Ada', password } });
	const { id } = (await answer.json()) as { id: string };
	return { id, ...(await session(shop, email)) };
}

const refresh = async ({ fetch }: Serving, { cookie }: Session): Promise<number> =>
	(
		await fetch('/api/users/session/refresh', {
			method: 'POST',
			headers: { cookie, 'content-type': 'application/json' },
		})
	).status;

const change = (shop: Serving, { authorization }: Pick<Session, 'authorization'>, current = password, next = changed) =>
	shop.fetch('/api/users/me/password', {
		method: 'PUT',
		headers: { authorization },
		body: { current_password: current, new_password: next },
	});

const remove = (shop: Serving, { authorization }: Pick<Session, 'authorization'>, current = password) =>
	shop.fetch('/api/users/me', { method: 'DELETE', headers: { authorization }, body: { current_password: current } });

test('changes the password, and ends all sessions of the account but the caller’s', async () => {
	const shop = await serveUsers();
	const mine = await account(shop, 'ada@example.com');
	const other = await session(shop, 'ada@example.com');
	const graces = await account(shop, 'grace@example.com');
	const answer = await change(shop, mine);
	expect([answer.status, await answer.text()]).toEqual([204, '']);
	expect([await refresh(shop, mine), await refresh(shop, other), await refresh(shop, graces)]).toEqual([200, 401, 200]);
	expect((await signIn(shop, 'ada@example.com')).status).toBe(401);
	expect((await signIn(shop, 'ada@example.com', changed)).status).toBe(200);
	expect((await signIn(shop, 'grace@example.com')).status).toBe(200);
});

test('a token of an earlier version, which names no session, changes the password and ends every session', async () => {
	const shop = await serveUsers();
	const mine = await account(shop, 'ada@example.com');
	expect((await change(shop, asUser(mine.id))).status).toBe(204);
	expect(await refresh(shop, mine)).toBe(401);
});

test('a sign-in with the old password, parallel to its change, leaves no session behind', async () => {
	const shop = await serveUsers();
	for (let times = 0; times < 4; times += 1) {
		const email = `${randomUUID()}@example.com`;
		const mine = await account(shop, email);
		const [answer, ...late] = await Promise.all([
			change(shop, mine),
			...Array.from({ length: 4 }, () => signIn(shop, email)),
		]);
		expect(answer?.status).toBe(204);
		for (const { status, headers } of late) {
			expect([200, 401]).toContain(status);
			const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
			expect(await refresh(shop, { authorization: '', cookie })).toBe(401);
		}
	}
});

test('of two parallel changes of a password, one succeeds', async () => {
	const shop = await serveUsers();
	const mine = await account(shop, 'ada@example.com');
	const answers = await Promise.all(
		['first engine', 'second engine'].map((next) => change(shop, mine, password, next)),
	);
	const statuses = answers.map(({ status }) => status);
	expect(statuses.filter((status) => status === 204)).toHaveLength(1);
	expect(statuses.some((status) => [403, 409].includes(status))).toBe(true);
});

test.each([
	['changing the password', change],
	['deleting the account', remove],
] as const)('%s needs the current password, and counts wrong ones as failed sign-ins', async (_what, act) => {
	const shop = await serveUsers();
	const mine = await account(shop, 'ada@example.com');
	const answer = await act(shop, mine, 'wrong horse');
	expect(answer.status).toBe(403);
	expect(await answer.json()).toMatchObject({
		detail: expect.stringMatching(/^The current password is wrong\./),
		errors: [{ field: 'body.current_password', detail: 'is not the password of this account' }],
	});
	for (let times = 1; times < 10; times += 1) expect((await act(shop, mine, 'wrong horse')).status).toBe(403);
	const refused = await act(shop, mine);
	expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
	expect((await signIn(shop, 'ada@example.com')).status).toBe(429);
	expect(await refresh(shop, mine)).toBe(200);
});

test('rejects a short new password, a missing current one, and a caller without an account', async () => {
	const shop = await serveUsers();
	const mine = await account(shop, 'ada@example.com');
	expect((await change(shop, mine, password, 'short')).status).toBe(422);
	const missing = await shop.fetch('/api/users/me', { method: 'DELETE', headers: asUser(mine.id) });
	expect(missing.status).toBe(422);
	for (const act of [change, remove]) {
		expect((await act(shop, { authorization: '' })).status).toBe(401);
		expect((await act(shop, asUser())).status).toBe(404);
	}
	expect((await shop.fetch('/api/users/me/sessions', { method: 'DELETE' })).status).toBe(401);
});

test('ends all sessions of the caller, and nobody else’s', async () => {
	const shop = await serveUsers();
	const mine = await account(shop, 'ada@example.com');
	const other = await session(shop, 'ada@example.com');
	const graces = await account(shop, 'grace@example.com');
	const { authorization } = mine;
	const answer = await shop.fetch('/api/users/me/sessions', { method: 'DELETE', headers: { authorization } });
	expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
		204,
		'bodega-refresh=; Path=/api/users/session; Max-Age=0; HttpOnly; SameSite=Strict',
	]);
	expect([await refresh(shop, mine), await refresh(shop, other), await refresh(shop, graces)]).toEqual([401, 401, 200]);
});

test('deletes the account with its sessions, and emits account.deleted', async () => {
	const shop = await serveUsers();
	const mine = await account(shop, 'ada@example.com');
	await account(shop, 'grace@example.com');
	expect((await remove(shop, mine)).status).toBe(204);
	expect(await shop.sql('select email from users.users')).toEqual([{ email: 'grace@example.com' }]);
	expect(await refresh(shop, mine)).toBe(401);
	expect((await signIn(shop, 'ada@example.com')).status).toBe(401);
	expect(await shop.sql('select source, type, subject, data from eventing.events')).toEqual([
		{
			source: '/functions/users',
			type: 'dev.bodega.account.deleted',
			subject: mine.id,
			data: { account_id: mine.id },
		},
	]);
	expect((await remove(shop, mine)).status).toBe(404);
	await account(shop, 'ada@example.com');
});

test('announces a deletion once more after the account’s last access token has expired', async () => {
	const shop = await serveUsers();
	await remove(shop, await account(shop, 'ada@example.com'));
	const target = await servingEvents(users, { http, events }, { ownerUrl: shop.ownerUrl as string });
	const ping = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/ping', 'ce-type': 'dev.knative.sources.ping' };
	const announced = async (): Promise<number> => {
		expect((await target.fetch('/', { method: 'POST', headers: ping })).status).toBe(204);
		return (await shop.sql('select from eventing.events')).length;
	};
	expect(await announced()).toBe(1);
	await shop.sql(`update users.deletions set at = now() - interval '1 hour'`);
	expect([await announced(), await announced()]).toEqual([2, 2]);
});

test('keeps the last admin, even when two admins delete their accounts in parallel', async () => {
	recordedLog();
	const shop = await serveUsers();
	const admins = [await account(shop, 'ada@example.com'), await account(shop, 'grace@example.com')];
	await shop.sql(`update users.users set roles = '{admin,user}'`);
	const answers = await Promise.all(admins.map((admin) => remove(shop, admin)));
	expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
	const refused = answers.find(({ status }) => status === 409);
	expect(await refused?.json()).toMatchObject({ detail: expect.stringMatching(/^This is the only admin/) });
	expect(await shop.sql('select email from users.users')).toHaveLength(1);
	const user = await account(shop, 'user@example.com');
	expect((await remove(shop, user)).status).toBe(204);
});
