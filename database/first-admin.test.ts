import { expect, test } from 'vitest';
import { isPassword } from '../kit/auth/password.ts';
import { asOwner, freshDatabase } from '../tests/testing.ts';
import { firstAdmin, makeFirstAdmin } from './first-admin.ts';

const sql = (url: string, text: string) =>
	asOwner(url, async (db) => (await db.query<{ email: string; roles: string[]; password_hash: string }>(text)).rows);
const all = 'select email, roles, password_hash from users.users';

test('creates the first admin once, with the given password', async () => {
	const url = await freshDatabase();
	expect(await makeFirstAdmin(url, 'swordfish')).toBe('swordfish');
	expect(await makeFirstAdmin(url, 'another')).toBeUndefined();
	const [admin, ...others] = await sql(url, all);
	expect([admin?.email, admin?.roles, others]).toEqual([firstAdmin, ['admin', 'user'], []]);
	expect(await isPassword('swordfish', admin?.password_hash)).toBe(true);
	expect(await isPassword('another', admin?.password_hash)).toBe(false);
});

test('generates a random password when none is given', async () => {
	const [url, other] = [await freshDatabase(), await freshDatabase()];
	const password = (await makeFirstAdmin(url, '')) ?? '';
	expect(password).toMatch(/^[\w-]{20}$/);
	expect(await makeFirstAdmin(other)).not.toBe(password);
	expect(await isPassword(password, (await sql(url, all))[0]?.password_hash)).toBe(true);
});

test('creates one admin when two calls run concurrently', async () => {
	const url = await freshDatabase();
	const made = await Promise.all([makeFirstAdmin(url), makeFirstAdmin(url)]);
	expect(made.filter(Boolean)).toHaveLength(1);
	expect(await sql(url, all)).toHaveLength(1);
});

test('creates no admin when another one exists', async () => {
	const url = await freshDatabase();
	await sql(url, `insert into users.users (email, name, password_hash, roles) values ('x@y.z', 'X', '', '{admin}')`);
	expect(await makeFirstAdmin(url)).toBeUndefined();
});
