import { expect, test } from 'vitest';
import { hashPassword, isPassword } from './password.ts';

// Made by hash-wasm 4.13.0, which hashed the passwords of earlier versions of the shop.
const ofHashWasm = [
	['pässword', '$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tmg8kTzmJLkguc2kOGId3nFi6amvRKU5PrSeYJW6QRk'],
	['another engine', '$argon2id$v=19$m=8192,t=3,p=2$c2FsdHNhbHRzYWx0Ky8xMg$WszsKklWlMVcuXrXhkF3t04wn+5Qy1M4'],
] as const;

test.each(ofHashWasm)('verifies %j against a hash of an earlier version', async (password, stored) => {
	expect(await isPassword(password, stored)).toBe(true);
	expect(await isPassword(`${password}!`, stored)).toBe(false);
});

test('verifies a new hash, which has its own salt and the declared cost', async () => {
	const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
	expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
	expect(other).not.toBe(one);
	expect([await isPassword('correct horse', one), await isPassword('wrong horse', one)]).toEqual([true, false]);
});

test('no password matches a missing hash', async () => {
	expect(await isPassword('', undefined)).toBe(false);
});

test.each(['', 'plain text', '$argon2i$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tmg8kTzm'])(
	'rejects the stored text %j, which is no hash of ours',
	async (stored) => {
		await expect(isPassword('correct horse', stored)).rejects.toThrow('no PHC string of Argon2id');
	},
);

test('the event loop runs while passwords are hashed', async () => {
	let turns = 0;
	let done = false;
	const turn = (): void => {
		turns += 1;
		if (!done) setImmediate(turn);
	};
	setImmediate(turn);
	await hashPassword('correct horse');
	done = true;
	// A hash in the event loop leaves it a handful of turns; a hash in a thread, thousands.
	expect(turns).toBeGreaterThan(100);
});
