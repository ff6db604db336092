import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { asAdmin, post, visit } from '../../acceptance/setup/visitor.ts';
import { admin, answers, newAccount, open } from '../browser.ts';

/** Returns a title that no other test uses. */
const ownTitle = (): string => `The office ${randomUUID().slice(0, 8)}`;

const rowOf = (page: Page, title: string): Locator => page.getByRole('row').filter({ hasText: title });

async function fillIn(form: Locator, fields: Readonly<Record<string, string>>): Promise<void> {
	for (const [label, value] of Object.entries(fields)) await form.getByLabel(label).fill(value);
}

/** Returns the label of the focused element, or its text if it has no label. */
const focused = (page: Page) =>
	page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent?.trim());

test('adds a book after a mistake in its price, restocks it and deletes it', async () => {
	const page = await open('/admin/books', { as: 'admin', noise: answers(422) });
	const title = ownTitle();
	const dialog = page.getByRole('dialog');
	await page.getByRole('button', { name: 'Add a book' }).click();
	await fillIn(dialog, { Title: title, Author: 'Anon', Price: 'ten', Stock: '7' });
	await dialog.getByRole('button', { name: 'Add a book' }).click();
	// The invalid field shows its error and has the focus.
	const price = dialog.getByLabel('Price');
	await dialog.getByText('expected an amount').waitFor();
	expect(await price.getAttribute('aria-invalid')).toBe('true');
	await expect.poll(() => price.evaluate((field) => field === document.activeElement)).toBe(true);
	expect(await dialog.getByLabel('Title').getAttribute('aria-invalid')).toBeNull();
	await price.fill('12.5');
	await price.press('Enter');
	await dialog.waitFor({ state: 'detached' });
	await page.getByText(`“${title}” added.`).waitFor();
	expect(await focused(page)).toBe('Add a book');

	await page.getByRole('button', { name: 'Show it' }).click();
	await page.waitForURL('**/admin/books?search=*');
	await rowOf(page, title).getByText('$12.50').waitFor();
	await rowOf(page, title).getByRole('button', { name: 'Edit' }).click();
	await dialog.getByLabel('Stock').fill('3');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await rowOf(page, title).getByRole('cell', { name: '3', exact: true }).waitFor();

	await page.goto(`/?search=${encodeURIComponent(title)}`);
	await page.getByRole('main').getByText(title).first().waitFor();
	await page.getByText('only 3 left', { exact: false }).waitFor();
	await page.goBack();

	await rowOf(page, title).getByRole('button', { name: 'Delete' }).click();
	await dialog.getByRole('button', { name: 'Cancel' }).click();
	await dialog.waitFor({ state: 'detached' });
	await rowOf(page, title).getByRole('button', { name: 'Delete' }).click();
	await dialog.getByRole('button', { name: 'Delete' }).click();
	await page.getByText(`“${title}” deleted.`).waitFor();
	await page.getByText(`No results for “${title}”.`).waitFor();
});

test('the keyboard focus stays on the screen when a row is deleted', async () => {
	const mark = ownTitle();
	for (const part of ['1', '2']) await post('/api/movies', { title: `${mark} ${part}` }, asAdmin);
	const page = await open(`/admin/movies?search=${encodeURIComponent(mark)}`, { as: 'admin' });
	await rowOf(page, `${mark} 1`).getByRole('button', { name: 'Delete' }).press('Enter');
	await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
	await rowOf(page, `${mark} 1`).getByRole('button').first().waitFor({ state: 'detached' });
	expect(await focused(page)).toBe('Movies');
	await rowOf(page, `${mark} 2`).waitFor();
});

test('adds, finds, changes and deletes a movie', async () => {
	const page = await open('/admin/movies', { as: 'admin', noise: answers(422) });
	const title = ownTitle();
	const dialog = page.getByRole('dialog');
	await page.getByRole('button', { name: 'Add a movie' }).click();
	await dialog.getByRole('button', { name: 'Add a movie' }).click();
	await dialog.getByText('Please fill in this field.').waitFor();
	await fillIn(dialog, { Title: title, Description: 'Those who keep it running.\nAnd those above.' });
	await dialog.getByRole('button', { name: 'Add a movie' }).click();
	await dialog.waitFor({ state: 'detached' });
	await page.getByLabel('Title').fill(title.slice(4));
	await rowOf(page, title).getByRole('button', { name: 'Edit' }).click();
	expect(await dialog.getByLabel('Description').inputValue()).toBe('Those who keep it running.\nAnd those above.');
	await dialog.getByLabel('Description').fill('A city above.');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await rowOf(page, title).getByRole('cell', { name: 'A city above.' }).waitFor();
	await rowOf(page, title).getByRole('button', { name: 'Delete' }).click();
	await dialog.getByRole('button', { name: 'Delete' }).click();
	await rowOf(page, title).waitFor({ state: 'detached' });
});

test('keeps changes that others make to other fields, and reports those to the same field', async () => {
	const title = ownTitle();
	const book = { title, author: 'Anon', price: '9.00', stock: 10 };
	const { id } = (await post('/api/books', book, asAdmin)).json as { id: number };
	const put = (changed: object) =>
		visit('gateway', `/api/books/${id}`, { method: 'PUT', headers: asAdmin, body: { ...book, ...changed } });
	const page = await open(`/admin/books?search=${encodeURIComponent(title)}`, { as: 'admin' });
	const dialog = page.getByRole('dialog');
	const edit = () => rowOf(page, title).getByRole('button', { name: 'Edit' }).click();

	// The table shows old values; the form loads the current ones.
	await rowOf(page, title).waitFor();
	await put({ stock: 8 });
	await edit();
	expect(await dialog.getByLabel('Stock').inputValue()).toBe('8');
	// A customer buys a copy while the admin corrects the author.
	await put({ stock: 7 });
	await dialog.getByLabel('Author').fill('Ada');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await rowOf(page, title).getByRole('cell', { name: '7', exact: true }).waitFor();
	await rowOf(page, title).getByRole('cell', { name: 'Ada' }).waitFor();

	await edit();
	await dialog.getByLabel('Stock').fill('20');
	await put({ author: 'Ada', stock: 6 });
	await dialog.getByRole('button', { name: 'Save' }).click();
	await dialog.getByText('Somebody has changed this to “6”.').waitFor();
	await dialog.getByRole('button', { name: 'Save' }).click();
	await rowOf(page, title).getByRole('cell', { name: '20', exact: true }).waitFor();
});

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

test('issues a requested invoice, and finds it', async () => {
	// The invoice's URL answers 404 until the invoice is issued.
	const page = await open('/admin/billing', { as: 'admin', noise: answers(404, 422) });
	const form = page.getByRole('region', { name: 'Request an invoice' });
	await fillIn(form, { 'User number': 'three', Items: '5', Total: '180.5' });
	await form.getByRole('button', { name: 'Request' }).click();
	await form.getByText('expected a whole number').waitFor();
	await fillIn(form, { 'User number': '3' });
	await form.getByRole('button', { name: 'Request' }).click();
	await form.getByRole('status').getByText('issued', { exact: true }).waitFor();
	await form.getByText('Amount: $180.50').waitFor();
	const id = (await form.locator('code').textContent()) ?? '';
	await rowOf(page, id).getByText('user 3').waitFor();
	// No invoice belongs to this order.
	await page.getByLabel('Order number').fill('2147483647');
	await page.getByText('This order has no invoice.').waitFor();
	await page.waitForURL('**/admin/billing?order=2147483647');
});

test('a stranger signs in and returns to the screen they came from', async () => {
	const page = await open('/admin/data/books.books?sort=-price', { noise: answers(401) });
	await page.getByRole('main').getByRole('link', { name: 'Sign in as an admin' }).click();
	await page.getByLabel(/e-?mail/i).fill(admin.email);
	await page.locator('input[autocomplete="current-password"]').fill(admin.password);
	await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
	await page.waitForURL('**/admin/data/books.books?sort=-price');
	await page.getByRole('columnheader', { name: 'price' }).waitFor();
});

test('refuses a user who is not an admin, and shows no data', async () => {
	const page = await open('/admin/users', { as: await newAccount('Ada') });
	await page.getByText('This page is for the shop’s admins, and Ada is not an admin.').waitFor();
	expect(await page.getByRole('table').count()).toBe(0);
	expect(await page.getByRole('navigation').getByRole('link', { name: 'Users' }).count()).toBe(0);
});

test('the admin screens are in French for a French browser', async () => {
	const page = await open('/admin/books', { as: 'admin', locale: 'fr-FR', noise: answers(422) });
	await page.getByRole('button', { name: 'Ajouter un livre' }).click();
	const dialog = page.getByRole('dialog');
	const title = ownTitle();
	await fillIn(dialog, { Titre: title, Auteur: 'Anonyme', Prix: '12,5' });
	await dialog.getByRole('button', { name: 'Ajouter un livre' }).click();
	await page.getByRole('button', { name: 'Afficher' }).click();
	await expect.poll(() => rowOf(page, title).textContent()).toContain('12,50');
});
