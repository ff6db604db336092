import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { post } from '../../acceptance/setup/visitor.ts';
import { answers, open } from '../browser.ts';
import { addFilter, rowsOf } from '../table.ts';

/** A part of the addresses of this file's accounts. */
const mark = randomUUID().slice(0, 8);
const clerk = `clerk-${mark}`;
const people = ['bert', 'carl', 'dora', 'zora', 'anna'];

async function newUser(person: string, name: string): Promise<void> {
	const { status, text } = await post('/api/users', { email: `${person}-${mark}@example.com`, name, password: mark });
	if (status !== 201) throw new Error(`the account was not created: ${status} ${text}`);
}

beforeAll(async () => {
	// One after the other, so that their ids are in this order.
	for (const person of people) await newUser(person, `${person}, "the" ${clerk}`);
});

const ours = `filter=name:contains:${clerk}`;

/** Waits until the rows are of these people, in this order. */
const see = (page: Page, ...wanted: readonly string[]) =>
	expect.poll(async () => (await rowsOf(page)).map((row) => row[1]?.split('-')[0])).toEqual(wanted);

test('finds, sorts and filters a table, and going back removes the filter', async () => {
	const page = await open('/admin/data', { as: 'admin' });
	await page.getByRole('region', { name: 'users' }).getByRole('link', { name: 'users' }).click();
	await page.getByRole('heading', { level: 1, name: 'users.users' }).waitFor();
	await addFilter(page, 'name', 'contains', clerk);
	await see(page, ...people);

	const head = page.getByRole('columnheader', { name: /^email/ });
	await head.getByRole('button').click();
	await see(page, 'anna', 'bert', 'carl', 'dora', 'zora');
	await head.getByRole('button').click();
	await see(page, 'zora', 'dora', 'carl', 'bert', 'anna');
	expect(await head.getAttribute('aria-sort')).toBe('descending');
	expect(await head.getByRole('button').evaluate((button) => button === document.activeElement)).toBe(true);
	// The column's type is shown below its name.
	expect(await head.textContent()).toContain('text');

	await addFilter(page, 'email', '>', 'c');
	await see(page, 'zora', 'dora', 'carl');
	expect(new URL(page.url()).search).toContain('email%3Agt%3Ac');
	await page.goBack();
	await see(page, 'zora', 'dora', 'carl', 'bert', 'anna');
	await page.goForward();
	await see(page, 'zora', 'dora', 'carl');
	await page.getByRole('button', { name: `Remove the filter name contains ${clerk}` }).click();
	await page.getByText(`name contains ${clerk}`).waitFor({ state: 'detached' });
	expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
});

test('shows rows in pages, and downloads all of them as CSV', async () => {
	const page = await open(`/admin/data/users.users?${ours}&sort=-email&limit=3`, { as: 'admin' });
	await see(page, 'zora', 'dora', 'carl');
	const first = await rowsOf(page);
	await page.getByRole('link', { name: 'Next page' }).click();
	await see(page, 'bert', 'anna');
	expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('users.users');
	const second = await rowsOf(page);

	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: 'Download as CSV' }).click(),
	]);
	expect(download.suggestedFilename()).toBe('users.users.csv');
	const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
	expect(lines.shift()).toBe('id,email,name,roles,created_at');
	expect(lines.pop()).toBe('');
	const quoted = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	expect(lines).toEqual([...first, ...second].map((row) => row.map(quoted).join(',')));

	await page.goBack();
	await see(page, 'zora', 'dora', 'carl');
	await page.getByRole('combobox', { name: 'Rows per page' }).selectOption('25');
	await see(page, 'zora', 'dora', 'carl', 'bert', 'anna');
});

test('hides secret tables and columns', async () => {
	const page = await open('/admin/data', { as: 'admin' });
	const users = page.getByRole('region', { name: 'users' });
	await users.getByRole('link', { name: 'users' }).waitFor();
	for (const secret of ['password_hash', 'refresh_tokens', 'signing_keys'])
		expect(await page.getByText(secret).count()).toBe(0);
	await users.getByRole('link', { name: 'users' }).click();
	await page.getByRole('columnheader', { name: /^email/ }).waitFor();
	expect(await page.getByRole('columnheader', { name: /hash/ }).count()).toBe(0);
	await page.goto('/admin/data/users.signing_keys');
	await page.getByText('This table does not exist, or it is secret.').waitFor();
});

test('explains why a filter is invalid, and offers to remove it', async () => {
	const page = await open(`/admin/data/users.users?${ours}`, { as: 'admin', noise: answers(422) });
	await see(page, ...people);
	await addFilter(page, 'created_at', '>', 'cheap');
	await page.getByText('Can’t show these rows').waitFor();
	await page.getByText('invalid input syntax for type timestamp with time zone: "cheap"').waitFor();
	await page.getByRole('button', { name: 'Remove the filter created_at > cheap' }).click();
	await see(page, ...people);
});

test('clips a long text, and shows all of it in a dialog', async () => {
	const name = `${'A city above. '.repeat(10)}The end of ${mark}.`;
	await newUser('long', name);
	const page = await open(`/admin/data/users.users?filter=email:eq:long-${mark}@example.com`, { as: 'admin' });
	const cell = page.getByRole('row').getByRole('button', { name });
	await cell.click();
	const dialog = page.getByRole('dialog', { name: 'name' });
	expect(await dialog.locator('pre').textContent()).toBe(name);
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
	expect(await cell.evaluate((button) => button === document.activeElement)).toBe(true);
});

test('a wide table scrolls in its frame by keyboard', async () => {
	const page = await open('/admin/data/users.users', { as: 'admin', viewport: { width: 780, height: 740 } });
	const frame = page.getByRole('region', { name: 'users.users' });
	await frame.focus();
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => frame.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});

test('on a phone each row is a card with the headings of its cells, and the headings still sort', async () => {
	const page = await open(`/admin/data/users.users?${ours}`, { as: 'admin', viewport: { width: 390, height: 844 } });
	await see(page, ...people);
	const email = page.getByRole('row').nth(1).locator('[data-label="email"]');
	const [cell, heading] = await Promise.all([
		email.boundingBox(),
		email.evaluate((element) => getComputedStyle(element, '::before').content),
	]);
	expect(heading).toContain('"email"');
	expect((cell?.x ?? -1) >= 0 && (cell?.x ?? 0) + (cell?.width ?? 0) <= 390).toBe(true);
	const frame = page.getByRole('region', { name: 'users.users' });
	expect(await frame.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
	// The rows are a table for screen readers all the same.
	expect(await page.getByRole('columnheader', { name: /^email/ }).count()).toBe(1);
	await page.getByRole('button', { name: 'email', exact: true }).click();
	await see(page, ...people.toSorted());
});
