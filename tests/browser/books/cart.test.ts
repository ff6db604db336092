import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { post } from '../../acceptance/setup/visitor.ts';
import { faults } from '../axe.ts';
import { answers, newAccount, noAnswer, open, origin } from '../browser.ts';
import { type OwnBook, ordersOf, ownBook, remove, restock } from '../orders/stock.ts';

const cardOf = (page: Page, { title }: OwnBook): Locator => page.getByRole('article', { name: title });
const cartOf = (page: Page): Locator => page.getByRole('region', { name: 'Cart' });
const lineOf = (page: Page, { title }: OwnBook): Locator => cartOf(page).getByRole('group', { name: title });
const add = (page: Page, book: OwnBook): Promise<void> =>
	cardOf(page, book)
		.getByRole('button', { name: /Add to cart/ })
		.click();
const orderButton = (page: Page): Locator => cartOf(page).getByRole('button', { name: 'Order the cart' });

/** Adds two books for one test, and opens the shelf with only these. */
async function twoBooks(
	options: Parameters<typeof open>[1] = {},
): Promise<{ page: Page; one: OwnBook; other: OwnBook }> {
	const mark = `Cart ${crypto.randomUUID().slice(0, 8)}`;
	const [one, other] = [await ownBook(5, mark), await ownBook(2, mark)];
	const page = await open(`/?search=${encodeURIComponent(mark)}`, options);
	return { page, one, other };
}

test('orders several books at once, from a cart that survives a reload', async () => {
	const { page, one, other } = await twoBooks();
	await page.getByLabel('Your name').fill('Ada');
	await cardOf(page, one).getByRole('button', { name: 'One copy more' }).click();
	await add(page, one);
	await add(page, other);
	await add(page, one);
	await page.reload();
	await cartOf(page).getByText('4 copies').waitFor();
	await lineOf(page, one).getByText('5 in stock').waitFor();
	await lineOf(page, one).getByRole('button', { name: 'One copy fewer' }).click();
	await lineOf(page, one).getByText('$25.00').waitFor();
	await cartOf(page).getByText('$37.50').waitFor();
	await orderButton(page).click();
	await cartOf(page).getByText('placed.').waitFor();
	await expect
		.poll(() =>
			cartOf(page)
				.getByRole('heading')
				.evaluate((node) => node === document.activeElement),
		)
		.toBe(true);
	const slip = page.getByRole('region', { name: 'Recent orders' }).getByRole('listitem').filter({ hasText: one.title });
	await slip.getByText(`1 × ${other.title}`).waitFor();
	await slip.getByText(`2 × ${one.title}`).waitFor();
	await slip.getByText('$37.50').waitFor();
	await slip.getByText('completed').waitFor();
	await cardOf(page, one).getByText('Only 3 left').waitFor();
	expect([await ordersOf(one), await ordersOf(other)]).toEqual([1, 1]);
	await page.reload();
	await cardOf(page, one).waitFor();
	expect(await cartOf(page).count()).toBe(0);
});

test('says which books of the cart lack copies, and orders when they are fewer or removed', async () => {
	const { page, one, other } = await twoBooks({ as: await newAccount('Grace Hopper'), noise: answers(409) });
	await add(page, one);
	await cardOf(page, other).getByLabel('Copies').fill('2');
	await add(page, other);
	await lineOf(page, other).getByText('2 in stock').waitFor();
	// The page does not know this yet, so the shop refuses the order.
	await restock(other, 1);
	await orderButton(page).click();
	await cartOf(page).getByText(`There are 1 copies of "${other.title}", and the order is for 2.`).waitFor();
	await lineOf(page, other).getByText('Only 1 left. Please take fewer.').waitFor();
	expect(await orderButton(page).getAttribute('aria-disabled')).toBe('true');
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		expect(await faults(page)).toEqual([]);
	}
	// The narrowest phone, where a bar leads to the cart.
	await page.setViewportSize({ width: 320, height: 640 });
	await page.getByRole('link', { name: /^Cart: 3 copies/ }).waitFor();
	expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
	expect(await faults(page)).toEqual([]);
	await remove(one);
	await page.reload();
	await cartOf(page).getByText('No longer on sale. Please remove it.').waitFor();
	await cartOf(page)
		.getByRole('group', { name: `Book ${one.id}` })
		.getByRole('button', { name: 'Remove' })
		.click();
	await lineOf(page, other).getByLabel('Copies').fill('1');
	await orderButton(page).click();
	await cartOf(page).getByText('placed.').waitFor();
});

test('all tabs share the cart, and a lost answer places one order even after a reload', async () => {
	const { page, one, other } = await twoBooks({ noise: noAnswer });
	const tab = await page.context().newPage();
	await tab.goto(`${origin}/?search=${encodeURIComponent(one.title)}`);
	await page.getByLabel('Your name').fill('Ada');
	await add(page, one);
	await lineOf(tab, one).waitFor();
	await tab.close();
	await add(page, other);
	await page.route('**/api/orders', async (route) => {
		if (route.request().method() !== 'POST') return route.continue();
		// The order arrives, but its answer is lost.
		const key = route.request().headers()['idempotency-key'] ?? '';
		await post('/api/orders', route.request().postDataJSON(), { 'idempotency-key': key });
		return route.abort();
	});
	await orderButton(page).click();
	await cartOf(page).getByText('Can’t reach the shop right now.').waitFor();
	await page.unrouteAll({ behavior: 'wait' });
	await page.reload();
	await orderButton(page).click();
	await cartOf(page).getByText('placed.').waitFor();
	expect([await ordersOf(one), await ordersOf(other)]).toEqual([1, 1]);
});

test('sorts and filters the shelf, and stores both in the URL', async () => {
	const mark = `Sorted ${crypto.randomUUID().slice(0, 8)}`;
	const [one, none] = [await ownBook(5, `${mark} b`), await ownBook(0, `${mark} a`)];
	const page = await open(`/?search=${encodeURIComponent(mark)}`);
	const titles = () => page.getByRole('article').getByRole('heading', { level: 3 }).allInnerTexts();
	await expect.poll(titles).toEqual([one.title, none.title]);
	await page.getByLabel('Sort by').selectOption('title');
	await page.waitForURL('**sort=title*');
	await expect.poll(titles).toEqual([none.title, one.title]);
	await page.getByLabel('Only books in stock').check();
	await expect.poll(titles).toEqual([one.title]);
	await page.reload();
	await expect.poll(titles).toEqual([one.title]);
	await page.getByLabel('Up to ($)').fill('12.49');
	await page.getByLabel('Up to ($)').press('Enter');
	await page.getByText('No book fits these filters.').waitFor();
	expect(new URL(page.url()).searchParams.toString()).toContain('sort=title&in_stock=true&max_price=12.49');
	await page.getByLabel('Only books in stock').uncheck();
	await page.getByLabel('Up to ($)').fill('');
	await page.getByLabel('Up to ($)').press('Enter');
	await expect.poll(titles).toEqual([none.title, one.title]);
});
