import { expect, test } from 'vitest';
import { urlOf } from '../../database/roles.ts';
import { isPassword } from '../../kit/auth/password.ts';
import { shop } from '../../shop.ts';
import { asOwner, freshDatabase } from '../../tests/testing.ts';
import { seed } from './seed.ts';

interface Account {
	readonly email: string;
	readonly roles: string[];
	readonly password_hash: string;
}

const sql = (url: string, text: string) => asOwner(url, async (db) => (await db.query<Account>(text)).rows);
const accounts = (url: string) => sql(url, 'select email, roles, password_hash from users.users');
const run = (url: string, password?: string) =>
	asOwner(urlOf(url, 'users'), (db) => seed(db, password === undefined ? {} : { ADMIN_PASSWORD: password }));

test('creates one admin with the given password, and does not print it', async () => {
	const url = await freshDatabase();
	expect(await run(url, 'swordfish')).toBe(`${shop.firstAdmin}; its password is ADMIN_PASSWORD`);
	expect(await run(url, 'another')).toBeUndefined();
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

test('creates no admin where another account is one', async () => {
	const url = await freshDatabase();
	await sql(url, `insert into users.users (email, name, password_hash, roles) values ('x@y.z', 'X', '', '{admin}')`);
	expect(await run(url)).toBeUndefined();
});
