import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { admin, answers, newAccount, open } from '../browser.ts';
import { rowOf } from '../sheet.ts';

/** Loads more of a list until it contains an element. */
async function goOnUntil(page: Page, wanted: Locator): Promise<void> {
	const more = page.getByRole('button', { name: 'Show more' });
	for (;;) {
		await wanted.or(more).first().waitFor();
		if (await wanted.count()) return;
		await more.click();
	}
}

test('lists the accounts, including a new one', async () => {
	const { email } = await newAccount('Grace');
	const page = await open('/admin/users', { as: 'admin' });
	await rowOf(page, admin.email).getByText('admin', { exact: true }).waitFor();
	await goOnUntil(page, rowOf(page, email));
	expect(await rowOf(page, email).getByRole('cell').allTextContents()).toEqual(
		expect.arrayContaining(['Grace', 'user']),
	);
});

test('a stranger signs in and returns to the screen they came from', async () => {
	const page = await open('/admin/data/users.users?sort=-email', { noise: answers(401) });
	await page.getByRole('main').getByRole('link', { name: 'Sign in as an admin' }).click();
	await page.getByLabel(/e-?mail/i).fill(admin.email);
	await page.locator('input[autocomplete="current-password"]').fill(admin.password);
	await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
	await page.waitForURL('**/admin/data/users.users?sort=-email');
	await page.getByRole('columnheader', { name: 'email' }).waitFor();
});

test('refuses a user who is not an admin, and shows no data', async () => {
	const page = await open('/admin/users', { as: await newAccount('Ada') });
	await page.getByText('This page is for the shop’s admins, and Ada is not an admin.').waitFor();
	expect(await page.getByRole('table').count()).toBe(0);
	await page.getByRole('banner').getByRole('button', { name: 'Ada' }).click();
	await page.getByRole('link', { name: 'Your account' }).waitFor();
	expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
});
