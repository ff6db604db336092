import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { asAdmin, eventually, post, visit } from '../../acceptance/setup/visitor.ts';
import { answers, open } from '../browser.ts';

/** A part of the titles of this file's books. */
const mark = randomUUID().slice(0, 8);
const prices = ['20.00', '31.00', '35.50', '100.00', '9.00'];

beforeAll(async () => {
	for (const [index, price] of prices.entries()) {
		const body = { title: `Ledger ${mark} no. ${index}`, author: 'Anon, "the" clerk', price, stock: 1 };
		const answer = await post('/api/books', body, asAdmin);
		if (answer.status !== 201) throw new Error(`the book was not added: ${answer.status} ${answer.text}`);
	}
});

const ours = `filter=title:contains:${mark}`;

/** Returns the texts of the cells of all shown rows. */
const rowsOf = (page: Page): Promise<string[][]> =>
	page
		.locator('tbody tr')
		.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));

const pricesOf = async (page: Page): Promise<(string | undefined)[]> => (await rowsOf(page)).map((row) => row[3]);

/** Waits until the rows have these prices, in this order. */
const seePrices = (page: Page, ...wanted: readonly string[]) => expect.poll(() => pricesOf(page)).toEqual(wanted);

async function addFilter(page: Page, column: string, condition: string, value: string): Promise<void> {
	const filters = page.getByRole('region', { name: 'Filters' });
	await filters.getByLabel('Column').selectOption(column);
	await filters.getByLabel('Condition').selectOption({ label: condition });
	await filters.getByLabel('Value').fill(value);
	await filters.getByRole('button', { name: 'Add filter' }).click();
}

test('finds, sorts and filters a table, and going back removes the filter', async () => {
	const page = await open('/admin/data', { as: 'admin' });
	await page.getByRole('region', { name: 'books' }).getByRole('link', { name: 'books' }).click();
	await page.getByRole('heading', { level: 1, name: 'books.books' }).waitFor();
	await addFilter(page, 'title', 'contains', mark);
	await seePrices(page, ...prices);

	const head = page.getByRole('columnheader', { name: /^price/ });
	await head.getByRole('button').click();
	await seePrices(page, '9.00', '20.00', '31.00', '35.50', '100.00');
	await head.getByRole('button').click();
	await seePrices(page, '100.00', '35.50', '31.00', '20.00', '9.00');
	expect(await head.getAttribute('aria-sort')).toBe('descending');
	expect(await head.getByRole('button').evaluate((button) => button === document.activeElement)).toBe(true);
	// The column's type is shown below its name.
	expect(await head.textContent()).toContain('numeric(10,2)');

	await addFilter(page, 'price', '>', '30');
	await seePrices(page, '100.00', '35.50', '31.00');
	expect(new URL(page.url()).search).toContain('price%3Agt%3A30');
	await page.goBack();
	await seePrices(page, '100.00', '35.50', '31.00', '20.00', '9.00');
	await page.goForward();
	await seePrices(page, '100.00', '35.50', '31.00');
	await page.getByRole('button', { name: `Remove the filter title contains ${mark}` }).click();
	await page.getByText(`title contains ${mark}`).waitFor({ state: 'detached' });
	expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
});

test('shows rows in pages, and downloads all of them as CSV', async () => {
	const page = await open(`/admin/data/books.books?${ours}&sort=-price&limit=3`, { as: 'admin' });
	await seePrices(page, '100.00', '35.50', '31.00');
	const first = await rowsOf(page);
	await page.getByRole('link', { name: 'Next page' }).click();
	await seePrices(page, '20.00', '9.00');
	expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('books.books');
	const second = await rowsOf(page);

	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: 'Download as CSV' }).click(),
	]);
	expect(download.suggestedFilename()).toBe('books.books.csv');
	const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
	expect(lines.shift()).toBe('id,title,author,price,stock,created_at');
	expect(lines.pop()).toBe('');
	const quoted = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	expect(lines).toEqual([...first, ...second].map((row) => row.map(quoted).join(',')));

	await page.goBack();
	await seePrices(page, '100.00', '35.50', '31.00');
	await page.getByRole('combobox', { name: 'Rows per page' }).selectOption('25');
	await seePrices(page, '100.00', '35.50', '31.00', '20.00', '9.00');
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
	const page = await open(`/admin/data/books.books?${ours}`, { as: 'admin', noise: answers(422) });
	await seePrices(page, ...prices);
	await addFilter(page, 'price', '>', 'cheap');
	await page.getByText('Can’t show these rows').waitFor();
	await page.getByText('invalid input syntax for type numeric: "cheap"').waitFor();
	await page.getByRole('button', { name: 'Remove the filter price > cheap' }).click();
	await seePrices(page, ...prices);
});

test('distinguishes null, empty and long texts, and formats JSON', async () => {
	const description = `${'A city above. '.repeat(10)}The end of ${mark}.`;
	await post('/api/movies', { title: `Silent ${mark}` }, asAdmin);
	await post('/api/movies', { title: `Talking ${mark}`, description }, asAdmin);
	const page = await open(`/admin/data/movies.movies?${ours}&sort=title`, { as: 'admin' });
	const row = (title: string) => page.getByRole('row').filter({ hasText: `${title} ${mark}` });
	await row('Silent').getByText('empty').waitFor();
	await row('Talking').getByRole('button').click();
	const dialog = page.getByRole('dialog', { name: 'description' });
	expect(await dialog.locator('pre').textContent()).toBe(description);
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
	expect(
		await row('Talking')
			.getByRole('button')
			.evaluate((button) => button === document.activeElement),
	).toBe(true);

	const [book] = (await visit('gateway', `/api/books?search=${mark}`)).json as { id: number }[];
	const order = (await post('/api/orders', { book_id: book?.id, customer_name: mark, quantity: 1 })).json;
	await eventually('the order is completed', async () => {
		return (await visit('gateway', `/api/orders/${order.id}`)).json.status === 'completed';
	});
	await page.goto(`/admin/data/orders.orders?filter=customer_name:eq:${mark}`);
	await page.getByRole('columnheader', { name: /^reason/ }).waitFor();
	expect((await rowsOf(page))[0]).toContain('null');
	await page.goto(`/admin/data/eventing.events?filter=type:eq:dev.bodega.order.placed&filter=subject:eq:${order.id}`);
	await page.getByRole('button', { name: `"${mark}"` }).click();
	const json = await page.getByRole('dialog', { name: 'data' }).locator('pre').textContent();
	expect(json).toContain(`\n  "customer_name": "${mark}"`);
});

test('a wide table scrolls in its frame by keyboard', async () => {
	const page = await open('/admin/data/eventing.events', { as: 'admin', viewport: { width: 360, height: 740 } });
	const frame = page.getByRole('region', { name: 'eventing.events' });
	await frame.focus();
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => frame.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});
