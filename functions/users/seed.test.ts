import { expect, test } from 'vitest';
import { isPassword } from '../../kit/auth/password.ts';
import { shop } from '../../shop.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import { asOwner, freshDatabase } from '../../tests/testing.ts';
import { passwordSql } from './admin.ts';
import { note } from './limits/attempts.ts';
import { seed } from './seed.ts';

interface Account {
	readonly email: string;
	readonly roles: string[];
	readonly password_hash: string;
}

const sql = (url: string, text: string) => asOwner(url, async (db) => (await db.query<Account>(text)).rows);
const accounts = (url: string) => sql(url, 'select email, roles, password_hash from users.users');
const run = (url: string, password?: string) =>
	asOwner(roleUrl(url, 'users'), (db) => seed(db, password === undefined ? {} : { ADMIN_PASSWORD: password }));

test('creates one admin with the given password, and does not print it', async () => {
	const url = await freshDatabase();
	expect(await run(url, 'swordfish')).toBe(`${shop.firstAdmin}; its password is ADMIN_PASSWORD`);
	const ignored = `${shop.firstAdmin}; ADMIN_PASSWORD is ignored, because this admin already exists with another password. To set a new one: npx bodega admin password`;
	expect(await run(url, 'another')).toBe(ignored);
	expect(await run(url, 'swordfish')).toBe(`${shop.firstAdmin}; its password is ADMIN_PASSWORD`);
	expect(await run(url)).toBeUndefined();
	const [admin, ...others] = await accounts(url);
	expect([admin?.email, admin?.roles, others]).toEqual([shop.firstAdmin, ['admin', 'user'], []]);
	expect(await isPassword('swordfish', admin?.password_hash)).toBe(true);
	expect(await isPassword('another', admin?.password_hash)).toBe(false);
});

test('creates a random password where none is given', async () => {
	const [url, other] = [await freshDatabase(), await freshDatabase()];
	const line = /password: ([\w-]{20}) \(shown only now\)$/;
	const password = line.exec((await run(url, '')) ?? '')?.[1] ?? '';
	expect(line.exec((await run(other)) ?? '')?.[1]).not.toBe(password);
	expect(await isPassword(password, (await accounts(url))[0]?.password_hash)).toBe(true);
});

test('creates one admin when two start at the same moment', async () => {
	const url = await freshDatabase();
	expect((await Promise.all([run(url), run(url)])).filter(Boolean)).toHaveLength(1);
	expect(await accounts(url)).toHaveLength(1);
});

test('sets an admin’s password, ends the sessions of that account only, and forgets its failed sign-ins', async () => {
	const url = await freshDatabase();
	await run(url, 'swordfish');
	await sql(url, `insert into users.users (email, name, password_hash) values ('x@y.z', 'X', 'unchanged')`);
	await sql(url, 'insert into users.sessions (user_id, expires_at) select id, now() from users.users');
	for (const email of [shop.firstAdmin, 'x@y.z'])
		await asOwner(roleUrl(url, 'users'), (db) => note(db, '203.0.113.1', email));
	const set = async (email: string) => {
		const results = await asOwner(url, async (db) => db.query(await passwordSql(email, 'new sword')));
		return (results as unknown as { rows: unknown[] }[]).flatMap(({ rows }) => rows);
	};
	for (const email of ['x@y.z', "o'hara@y.z"]) expect(await set(email)).toEqual([]);
	expect(await set(shop.firstAdmin)).toEqual([{ email: shop.firstAdmin }]);
	const [admin, other] = await sql(url, 'select email, password_hash from users.users order by email');
	expect(await isPassword('new sword', admin?.password_hash)).toBe(true);
	expect(other?.password_hash).toBe('unchanged');
	expect(await sql(url, 'select email from users.sessions join users.users on users.id = user_id')).toEqual([
		{ email: 'x@y.z' },
	]);
	expect(await sql(url, 'select from users.attempt_counts where account is not null')).toHaveLength(2);
});

test('creates no admin where another account is one', async () => {
	const url = await freshDatabase();
	await sql(url, `insert into users.users (email, name, password_hash, roles) values ('x@y.z', 'X', '', '{admin}')`);
	expect(await run(url)).toBeUndefined();
});
