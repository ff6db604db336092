import { expect, test } from 'vitest';
import { asAdmin, post } from '../../acceptance/setup/visitor.ts';
import { answers, open } from '../browser.ts';
import { fillIn, focused, ownTitle, rowOf } from '../sheet.ts';

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
