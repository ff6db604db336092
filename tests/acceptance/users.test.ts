import { expect, test } from 'vitest';
import { type Answer, asAdmin, post, visit } from './setup/visitor.ts';

/** A new address for each run, because accounts on a cluster outlive the run. */
const ada = { email: `ada-${Date.now()}@example.com`, name: 'Ada', password: 'correct horse' };

const bearing = ({ json }: Answer) => ({ authorization: `Bearer ${json.access_token}` });
const cookieOf = ({ headers }: Answer) => ({ cookie: String(headers['set-cookie']).split(';')[0] ?? '' });
const signIn = (user = ada) => post('/api/users/session', { email: user.email, password: user.password });
const refresh = (cookie: { cookie: string }) =>
	post('/api/users/session/refresh', undefined, { ...cookie, 'content-type': 'application/json' });
const me = (headers: Record<string, string>) => visit('gateway', '/api/users/me', { headers });

test('a user signs up, signs in, refreshes and signs out', async () => {
	const signedUp = await post('/api/users', ada);
	expect([signedUp.status, signedUp.json]).toMatchObject([201, { email: ada.email, name: 'Ada', roles: ['user'] }]);
	expect((await post('/api/users', ada)).status).toBe(409);
	expect((await signIn({ ...ada, password: 'wrong horse' })).status).toBe(401);

	const session = await signIn();
	expect([session.status, session.json.token_type, session.json.expires_in]).toEqual([200, 'Bearer', 900]);
	expect(String(session.headers['set-cookie'])).toMatch(/; Path=\/api\/users\/session; .*HttpOnly; SameSite=Strict/);
	expect((await me(bearing(session))).json).toEqual(signedUp.json);
	expect((await visit('users', '/api/utilisateurs/me', { headers: bearing(session) })).json).toEqual(signedUp.json);
	expect((await me({})).status).toBe(401);

	const refreshed = await refresh(cookieOf(session));
	expect(refreshed.status).toBe(200);
	expect((await me(bearing(refreshed))).json).toEqual(signedUp.json);

	const headers = cookieOf(refreshed);
	expect((await visit('gateway', '/api/users/session', { method: 'DELETE', headers })).status).toBe(204);
	expect((await refresh(headers)).status).toBe(401);
});

test('a refresh token that is used again ends its session', async () => {
	const first = cookieOf(await signIn());
	const second = cookieOf(await refresh(first));
	const third = cookieOf(await refresh(second));
	// The grace period for other tabs covers only the token used last.
	expect((await refresh(first)).status).toBe(401);
	expect((await refresh(third)).status).toBe(401);
});

test('functions refuse admin operations to a user, from the access token alone', async () => {
	const asAda = bearing(await signIn());
	for (const path of ['/api/users', '/api/data/tables', '/api/dead-letters', '/api/drills']) {
		const read = (headers: Record<string, string>) => visit('gateway', path, { headers });
		expect([path, (await read(asAda)).status]).toEqual([path, 403]);
		expect([path, (await read(asAdmin)).status]).toEqual([path, 200]);
		expect([path, (await read({ authorization: 'Bearer guess' })).status]).toEqual([path, 401]);
	}

	const emails: string[] = [];
	for (let next: string | undefined = '/api/users?limit=1000'; next; ) {
		const answer: Answer = await visit('gateway', next, { headers: asAdmin });
		emails.push(...answer.json.map(({ email }: { email: string }) => email));
		next = /<(.+)>; rel="next"/.exec(String(answer.headers['link']))?.[1];
	}
	expect(emails).toEqual(expect.arrayContaining(['admin@bodega.local', ada.email]));
});
