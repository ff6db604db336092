import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faults } from '../axe.ts';
import { answers, newAccount, open, origin } from '../browser.ts';
import { order, ownBook, restock, stopReserving } from './stock.ts';

const slipOf = (page: Page, id: number): Locator =>
	page.getByRole('listitem').filter({ has: page.getByRole('link', { name: `No. ${id}`, exact: true }) });
const receiptOf = (page: Page): Locator => page.getByRole('region', { name: 'Receipt' });

test('the list shows an order turn from pending to completed, and links to its receipt', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const id = await order(book, 3);
	const page = await open('/orders');
	await slipOf(page, id).getByText('pending').waitFor();
	await slipOf(page, id).getByText(`3 × ${book.title}`).waitFor();
	await goOn();
	await slipOf(page, id).getByText('completed').waitFor();
	await slipOf(page, id).getByRole('link').click();
	await page.getByRole('heading', { level: 1, name: `Order ${id}` }).waitFor();
	expect(new URL(page.url()).pathname).toBe(`/orders/${id}`);
	await receiptOf(page).getByText(book.title).waitFor();
	expect(await receiptOf(page).getByRole('list', { name: 'Books' }).innerText()).toMatch(
		new RegExp(`^${book.title}\\s+3 × \\$12\\.50\\s+\\$37\\.50$`),
	);
	for (const [term, value] of [
		['For', 'Ada'],
		['Total', '$37.50'],
	] as const)
		expect(await receiptOf(page).getByRole('term').filter({ hasText: term }).locator('+ dd').innerText()).toBe(value);
	await page.goBack();
	await slipOf(page, id).waitFor();
});

test('an order’s own screen shows its status and its way through the functions', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const id = await order(book, 1);
	const page = await open(`/orders/${id}`);
	await receiptOf(page).getByText('pending').waitFor();
	const way = page.getByRole('region', { name: 'Its way through the functions' });
	const events = way.getByRole('listitem');
	await events.filter({ hasText: 'order.placed' }).waitFor();
	expect(await events.count()).toBe(1);
	await goOn();
	await page.getByText(`Order ${id}, ${book.title}, is completed.`).waitFor();
	await receiptOf(page).getByText('completed').waitFor();
	await events.filter({ hasText: 'stock.reserved' }).getByText('billing handled').waitFor();
	await events.filter({ hasText: 'invoice.issued' }).getByText('orders handled').waitFor();
	expect(await events.getByRole('link').allInnerTexts()).toEqual(['order.placed', 'stock.reserved', 'invoice.issued']);
	await way.getByRole('link', { name: 'invoice.issued' }).click();
	await page.waitForURL('**/events/*');
});

test('a rejected order shows the reason', async () => {
	const book = await ownBook(1);
	const goOn = await stopReserving();
	const id = await order(book, 1);
	const page = await open(`/orders/${id}`);
	await receiptOf(page).getByText('pending').waitFor();
	await restock(book, 0);
	await goOn();
	await receiptOf(page).getByText('rejected', { exact: true }).waitFor();
	const reason = receiptOf(page).getByText(`only 0 of "${book.title}" left, 1 ordered`);
	await reason.waitFor();
	expect(await reason.getAttribute('lang')).toBe('en');
});

test('a customer cancels a pending order after a confirmation, and its way shows it', async () => {
	const book = await ownBook(5);
	const page = await open(book.path, { as: await newAccount('Ada Lovelace') });
	await page.getByRole('main').getByText('Ordering as Ada Lovelace').waitFor();
	const card = page.getByRole('article', { name: book.title });
	const goOn = await stopReserving();
	await card.getByRole('button', { name: /Order/ }).click();
	await card.getByRole('link', { name: /^Order \d+$/ }).click();
	const cancel = receiptOf(page).getByRole('button', { name: 'Cancel the order' });
	const dialog = page.getByRole('dialog');
	await cancel.click();
	await dialog.getByText('The books go back on the shelf').waitFor();
	expect(await faults(page)).toEqual([]);
	await dialog.getByRole('button', { name: 'Keep the order' }).click();
	await receiptOf(page).getByText('pending').waitFor();
	await cancel.click();
	await dialog.getByRole('button', { name: 'Cancel the order' }).click();
	await receiptOf(page).getByText('cancelled', { exact: true }).waitFor();
	await receiptOf(page).getByText('You owe nothing.').waitFor();
	expect(await cancel.count()).toBe(0);
	await expect
		.poll(() => page.getByRole('heading', { level: 1 }).evaluate((node) => node === document.activeElement))
		.toBe(true);
	await goOn();
	const events = page.getByRole('region', { name: 'Its way through the functions' }).getByRole('listitem');
	await events.filter({ hasText: 'order.cancelled' }).getByText('books handled').waitFor();
	await events.filter({ hasText: 'order.cancelled' }).getByText('billing handled').waitFor();
	await page.goto(book.path);
	await card.getByText('5 in stock').waitFor();
});

test('a strange order, or one without an account, has no cancel button; an admin’s has', async () => {
	const book = await ownBook(5);
	await stopReserving();
	const id = await order(book);
	const page = await open(`/orders/${id}`);
	await receiptOf(page).getByText('pending').waitFor();
	expect(await receiptOf(page).getByRole('button').count()).toBe(0);
	const admins = await open(`/orders/${id}`, { as: 'admin' });
	await receiptOf(admins).getByRole('button', { name: 'Cancel the order' }).waitFor();
});

test('another tab, and another screen of the same tab, say when one’s order is settled', async () => {
	const book = await ownBook(5);
	const page = await open(book.path);
	const other = await page.context().newPage();
	await other.goto(`${origin}/movies`);
	await page.getByLabel('Your name').fill('Ada');
	const card = page.getByRole('article', { name: book.title });
	const goOn = await stopReserving();
	await card.getByRole('button', { name: /Order/ }).click();
	const link = card.getByRole('link', { name: /^Order \d+$/ });
	const text = `Your ${(await link.innerText()).toLowerCase()} is completed.`;
	await page.getByRole('link', { name: 'Movies', exact: true }).click();
	await page.getByRole('heading', { level: 1, name: 'Movies' }).waitFor();
	await goOn();
	for (const tab of [page, other]) await tab.getByRole('status').getByRole('link', { name: text }).waitFor();
	expect(await faults(page)).toEqual([]);
	await page.getByRole('button', { name: 'Close the notice' }).click();
	await page.getByRole('link', { name: text }).waitFor({ state: 'detached' });
	await other.getByRole('link', { name: text }).click();
	await receiptOf(other).getByText('completed').waitFor();
	expect(await other.getByRole('link', { name: text }).count()).toBe(0);
});

test('downloads the orders as CSV', async () => {
	const id = await order(await ownBook(5), 2);
	const page = await open('/orders');
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: 'Download as CSV' }).click(),
	]);
	expect(download.suggestedFilename()).toBe('orders.csv');
	const text = await (await download.createReadStream()).setEncoding('utf8').toArray();
	expect(text.join('')).toMatch(new RegExp(`^${id},20[^,]+,Ada,`, 'm'));
});

test('polls an order whose stream is refused', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const id = await order(book, 1);
	const page = await open('about:blank', { noise: answers(404) });
	let refused = 0;
	await page.route(`**/api/orders/${id}`, (route) => {
		if (!route.request().headers()['accept']?.includes('text/event-stream')) return route.continue();
		refused++;
		return route.fulfill({ status: 404 });
	});
	const polled = page.waitForRequest(
		(request) => request.url().endsWith(`/api/orders/${id}`) && !/event-stream/.test(request.headers()['accept'] ?? ''),
	);
	await page.goto(`${origin}/orders`);
	await slipOf(page, id).getByText('pending').waitFor();
	await polled;
	await goOn();
	await slipOf(page, id).getByText('completed').waitFor();
	expect(refused).toBe(1);
});

test('reports an unknown order, with a way back', async () => {
	const page = await open('/orders/2000000000', { noise: answers(404, 422) });
	await page.getByText('There is no such order.').waitFor();
	await page.goto('/orders/none');
	await page.getByText('There is no such order.').waitFor();
	await page.getByRole('main').getByRole('link', { name: 'All orders' }).click();
	await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
	await expect.poll(() => page.title()).toBe('Orders · Bodega');
});

test('a signed-in customer finds their own orders and their way; a visitor does not', async () => {
	const book = await ownBook(5);
	const page = await open(book.path, { as: await newAccount('Ada Lovelace') });
	const card = page.getByRole('article', { name: book.title });
	await card.getByRole('button', { name: 'One copy more' }).click();
	const goOn = await stopReserving();
	await card.getByRole('button', { name: /Order/ }).click();
	const id = Number((await card.getByRole('link', { name: /^Order \d+$/ }).innerText()).replace('Order ', ''));
	const others = await order(book);
	await page.getByRole('link', { name: 'Orders', exact: true }).click();
	await page.getByRole('heading', { level: 1, name: 'My orders' }).waitFor();
	// The order changes without a reload, although its stream is for its customer only.
	await slipOf(page, id).getByText('pending').waitFor();
	expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
	await page.getByRole('main').getByRole('link', { name: 'All orders' }).click();
	await page.waitForURL('**/orders?of=all');
	await slipOf(page, others).waitFor();
	await slipOf(page, id).getByRole('link').click();
	await receiptOf(page).getByText('pending').waitFor();
	await goOn();
	await receiptOf(page).getByText('completed').waitFor();
	const events = page.getByRole('region', { name: 'Its way through the functions' }).getByRole('listitem');
	await events
		.filter({ hasText: `subject ${id}` })
		.filter({ hasText: 'order.placed' })
		.waitFor();
	await events.filter({ hasText: 'invoice.issued' }).getByText('orders handled').waitFor();
	expect(await page.getByRole('main').innerText()).not.toContain('private');

	const stranger = await open(`/orders/${id}`, { noise: answers(404) });
	await stranger.getByText('There is no such order.').waitFor();
	await stranger.goto(`${origin}/orders`);
	await stranger.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
	await slipOf(stranger, others).waitFor();
	expect(await slipOf(stranger, id).count()).toBe(0);
	expect(await stranger.getByRole('main').getByRole('link', { name: 'My orders' }).count()).toBe(0);
});

test('the page shows the list of one’s own orders in French too', async () => {
	const page = await open('/orders', { as: await newAccount('Ada Lovelace'), locale: 'fr-FR' });
	await page.getByRole('heading', { level: 1, name: 'Mes commandes' }).waitFor();
	await page.getByText('Aucune commande à votre nom pour l’instant.').waitFor();
	await page.getByRole('link', { name: 'Toutes les commandes' }).click();
	await page.getByRole('heading', { level: 1, name: 'Commandes' }).waitFor();
});
