import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { newSecret, ownerRoleOf, roleOf, urlOf } from './roles.ts';

const passwordOf = (url: string, secret: string, fn: string): string => new URL(urlOf({ url, secret }, fn)).password;

test('a function’s password depends on the shop’s secret, and tells nothing about the owner’s password', () => {
	const [weak, other] = ['postgresql://owner:Summer2026!@db/shop', 'postgresql://owner@db/shop'];
	const [one, two] = [newSecret(), newSecret()];
	expect(passwordOf(weak, one, 'shelves')).toBe(passwordOf(other, one, 'shelves'));
	expect(passwordOf(weak, one, 'shelves')).not.toBe(passwordOf(weak, two, 'shelves'));
	expect(passwordOf(weak, one, 'shelves')).not.toBe(passwordOf(weak, one, 'loans'));
	for (const guess of ['Summer2026!', weak])
		expect(passwordOf(weak, one, 'shelves')).not.toBe(
			createHmac('sha256', guess).update(roleOf('shelves')).digest('base64url'),
		);
});

test('the role of a running function is never an owner role', () => {
	for (const name of ['shelves', 'shelves-owner']) expect(roleOf(name)).not.toBe(ownerRoleOf('shelves'));
});
