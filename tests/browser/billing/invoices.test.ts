import { expect, test } from 'vitest';
import { newAccount, open } from '../browser.ts';
import { ownBook } from '../orders/stock.ts';

test('lists the invoice for a signed-in user’s order', async () => {
	const book = await ownBook(5);
	const page = await open('/invoices', { as: await newAccount('Ada Lovelace') });
	await page.getByText('No invoices yet.').waitFor();
	await page.getByRole('main').getByRole('link', { name: 'To the books' }).click();
	await page.getByRole('searchbox').fill(book.title);
	const card = page.getByRole('article', { name: book.title });
	await card.getByRole('button', { name: 'One copy more' }).click();
	await card.getByRole('button', { name: /Order/ }).click();
	const number = await card.getByRole('link', { name: /^Order \d+$/ }).innerText();
	await page.getByRole('link', { name: 'Invoices', exact: true }).click();
	// An invoice that is not issued yet appears without a reload.
	const invoice = page.getByRole('article', { name: `Invoice for ${number.toLowerCase()}` });
	await invoice.getByRole('list', { name: 'Books' }).getByText(`2 × $12.50`).waitFor();
	await invoice.getByRole('definition').filter({ hasText: '$25.00' }).waitFor();
	await invoice.getByText('Ada Lovelace').waitFor();
	await page.getByText('1 invoice, $25.00 in all').waitFor();
	await invoice.getByRole('link').click();
	await page.getByRole('heading', { level: 1, name: number }).waitFor();
});

test('asks a stranger to sign in, with a way back', async () => {
	const page = await open('/invoices');
	const way = page.getByRole('main').getByRole('link', { name: 'Sign in' });
	await way.waitFor();
	expect(await way.getAttribute('href')).toBe('/sign-in?to=/invoices');
});
