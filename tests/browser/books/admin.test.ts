import { expect, test } from 'vitest';
import { asAdmin, post, visit } from '../../acceptance/setup/visitor.ts';
import { answers, open } from '../browser.ts';
import { fillIn, focused, ownTitle, rowOf } from '../sheet.ts';

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

test('the screen is in French for a French browser', async () => {
	const page = await open('/admin/books', { as: 'admin', locale: 'fr-FR', noise: answers(422) });
	await page.getByRole('button', { name: 'Ajouter un livre' }).click();
	const dialog = page.getByRole('dialog');
	const title = ownTitle();
	await fillIn(dialog, { Titre: title, Auteur: 'Anonyme', Prix: '12,5' });
	await dialog.getByRole('button', { name: 'Ajouter un livre' }).click();
	await page.getByRole('button', { name: 'Afficher' }).click();
	await expect.poll(() => rowOf(page, title).textContent()).toContain('12,50');
});
