import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { post } from '../../acceptance/setup/visitor.ts';
import { answers, newAccount, noAnswer, open } from '../browser.ts';
import { type OwnBook, ordersOf, ownBook, remove, restock, stopReserving } from '../orders/stock.ts';

const cardOf = (page: Page, { title }: OwnBook): Locator => page.getByRole('article', { name: title });
const orderButton = (page: Page, book: OwnBook): Locator => cardOf(page, book).getByRole('button', { name: /Order/ });
/** The line about a book in the list of recent orders. */
const slipOf = (page: Page, { title }: OwnBook): Locator =>
	page.getByRole('region', { name: 'Recent orders' }).getByRole('listitem').filter({ hasText: title });
const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

test('orders a book, and shows the order turn from pending to completed without a reload', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const page = await open(book.path);
	await page.getByLabel('Your name').fill('Ada');
	await cardOf(page, book).getByText('5 in stock').waitFor();
	await cardOf(page, book).getByRole('button', { name: 'One copy more' }).click();
	await orderButton(page, book).click();
	await cardOf(page, book).getByText('placed.').waitFor();
	await slipOf(page, book).getByText('pending').waitFor();
	await slipOf(page, book).getByText(`2 × ${book.title}`).waitFor();
	await slipOf(page, book).getByText('$25.00').waitFor();
	await slipOf(page, book).getByText('for Ada').waitFor();
	await page.evaluate(() => {
		document.title = 'not loaded again';
	});
	await goOn();
	// First, because the notice goes again by itself.
	await page.getByText(new RegExp(`^Order \\d+, ${book.title}, is completed\\.$`)).waitFor();
	await slipOf(page, book).getByText('completed').waitFor();
	await cardOf(page, book).getByText('Only 3 left').waitFor();
	expect(await page.title()).toBe('not loaded again');
	expect(await ordersOf(book)).toBe(1);
});

test('shows why an order is rejected when its copies are gone', async () => {
	const book = await ownBook(1);
	const goOn = await stopReserving();
	const page = await open(book.path);
	await page.getByLabel('Your name').fill('Grace');
	await orderButton(page, book).click();
	await slipOf(page, book).getByText('pending').waitFor();
	await restock(book, 0);
	await goOn();
	await page.getByText(`is rejected. only 0 of "${book.title}" left`).waitFor();
	await slipOf(page, book).getByText('rejected').waitFor();
	await slipOf(page, book).getByText(`only 0 of "${book.title}" left, 1 ordered`).waitFor();
	// The book is sold out now, and its button still has the focus.
	await cardOf(page, book).getByText('No copies left').waitFor();
	const button = cardOf(page, book).getByRole('button', { name: `Sold out ${book.title}` });
	expect(await isFocused(button)).toBe(true);
	expect(await button.getAttribute('aria-disabled')).toBe('true');
});

test('reports at the book that an order is for more copies than are in stock', async () => {
	const book = await ownBook(2);
	const page = await open(book.path, { noise: answers(409) });
	await page.getByLabel('Your name').fill('Ada');
	await cardOf(page, book).getByText('Only 2 left').waitFor();
	await restock(book, 1);
	await cardOf(page, book).getByLabel('Copies').fill('2');
	await cardOf(page, book).getByLabel('Copies').press('Enter');
	await cardOf(page, book).getByText(`There are 1 copies of "${book.title}", and the order is for 2.`).waitFor();
	// The page updates the stock after the refused order.
	await cardOf(page, book).getByText('Only 1 left').waitFor();
	expect(await ordersOf(book)).toBe(0);
});

test('reports at the book that it no longer exists', async () => {
	const book = await ownBook(2);
	const page = await open(book.path, { noise: answers(404) });
	await page.getByLabel('Your name').fill('Ada');
	await cardOf(page, book).waitFor();
	await remove(book);
	await orderButton(page, book).click();
	await cardOf(page, book).getByText(`There is no book ${book.id}.`).waitFor();
});

test('a double click places one order', async () => {
	const book = await ownBook(5);
	const page = await open(book.path);
	await page.getByLabel('Your name').fill('Ada');
	await orderButton(page, book).dblclick();
	await cardOf(page, book).getByText('4 in stock').waitFor();
	expect(await ordersOf(book)).toBe(1);
	// A later click places another order.
	await page.reload();
	await orderButton(page, book).click();
	await cardOf(page, book).getByText('Only 3 left').waitFor();
	expect(await ordersOf(book)).toBe(2);
});

test('repeats a request whose answer is lost, and places one order', async () => {
	const book = await ownBook(5);
	const page = await open(book.path, { noise: noAnswer });
	const keys: (string | undefined)[] = [];
	await page.route('**/api/orders', async (route) => {
		if (route.request().method() !== 'POST') return route.continue();
		const key = route.request().headers()['idempotency-key'] ?? '';
		keys.push(key);
		if (keys.length > 1) return route.continue();
		// The order arrives, but its answer is lost.
		await post('/api/orders', route.request().postDataJSON(), { 'idempotency-key': key });
		return route.abort();
	});
	await page.getByLabel('Your name').fill('Ada');
	await orderButton(page, book).click();
	await cardOf(page, book).getByText('placed.').waitFor();
	expect(keys.length).toBe(2);
	expect(new Set(keys).size).toBe(1);
	expect(await ordersOf(book)).toBe(1);
});

test('searches books by title or author, and stores the search in the URL', async () => {
	const [book, other] = [await ownBook(5), await ownBook(5)];
	const page = await open('/');
	const field = page.getByRole('searchbox', { name: 'Title or author' });
	await field.fill(book.title.toUpperCase());
	await page.waitForURL('**/?search=OWN*');
	await cardOf(page, other).waitFor({ state: 'detached' });
	await cardOf(page, book).waitFor();
	await page.getByText('1 book', { exact: true }).waitFor();
	await page.reload();
	await cardOf(page, book).waitFor();
	expect(await field.inputValue()).toBe(book.title.toUpperCase());

	await field.fill('no book is called so');
	await page.getByText('No results for “no book is called so”.').waitFor();
	await page.getByRole('button', { name: 'Show all' }).click();
	await page.getByRole('article').first().waitFor();
	expect(await field.inputValue()).toBe('');
	expect(await isFocused(field)).toBe(true);
	expect(new URL(page.url()).search).toBe('');
});

test('loads more of a long shelf', async () => {
	const mark = `Shelf ${Date.now()}`;
	await Promise.all(Array.from({ length: 26 }, () => ownBook(1, mark)));
	const page = await open(`/?search=${encodeURIComponent(mark)}`);
	await page.getByText('The first 24 books').waitFor();
	await page.getByRole('button', { name: 'Show more' }).click();
	await page.getByText('26 books', { exact: true }).waitFor();
	expect(await page.getByRole('article').count()).toBe(26);
});

test('asks a stranger for a name only once', async () => {
	const book = await ownBook(5);
	const page = await open(book.path);
	const field = page.getByLabel('Your name');
	await orderButton(page, book).press('Enter');
	await page.getByText('Please enter your name, then order again.').waitFor();
	await expect.poll(() => isFocused(field)).toBe(true);
	expect(await field.getAttribute('aria-invalid')).toBe('true');
	await field.pressSequentially('Ada Lovelace');
	await page.getByText('Please enter your name').waitFor({ state: 'detached' });
	// Enter moves the focus back to the order button.
	await field.press('Enter');
	expect(await isFocused(orderButton(page, book))).toBe(true);
	await page.keyboard.press('Enter');
	await slipOf(page, book).getByText('for Ada Lovelace').waitFor();
	await page.reload();
	expect(await field.inputValue()).toBe('Ada Lovelace');
});

test('a signed-in user orders under their own name', async () => {
	const book = await ownBook(5);
	const page = await open(book.path, { as: await newAccount('Grace Hopper') });
	await page.getByRole('main').getByText('Ordering as Grace Hopper').waitFor();
	await orderButton(page, book).click();
	await slipOf(page, book).getByText('for Grace Hopper').waitFor();
});
