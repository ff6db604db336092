import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { patience } from '../../../run/patience.ts';
import { open } from '../../browser.ts';
import { order, ownBook, stopReserving } from '../stock.ts';

const listed = (page: Page, list: string): Locator =>
	page.getByRole('list', { name: list, exact: true }).getByRole('link');
const typeOf = (page: Page, type: string): Locator => listed(page, 'Events').filter({ hasText: type });
const wire = (page: Page, name: string): Locator => page.locator(`[data-wire="${name}"]`);

/** Opens the map, and waits until it receives new events. */
async function watch(visit?: Parameters<typeof open>[1]): Promise<Page> {
	const page = await open('/map', visit);
	await page.getByText('watching events').waitFor();
	await listed(page, 'Functions').first().waitFor();
	return page;
}

test('lists the calls and the events of a function in a table', async () => {
	const page = await watch();
	await page.getByText('As tables').click();
	const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'orders', exact: true }) });
	expect(await row.innerText()).toMatch(/books\s+order\.placed, order\.cancelled\s+stock\.rejected, invoice\.issued/);
});

test('describes the focused function or event, and highlights its neighbours', async () => {
	const page = await watch();
	await listed(page, 'Functions').filter({ hasText: 'orders' }).focus();
	await page.getByRole('heading', { name: 'orders' }).waitFor();
	expect(await wire(page, 'calls orders books').getAttribute('data-near')).toBe('true');
	expect(await wire(page, 'calls gateway users').getAttribute('data-near')).toBe('false');

	await typeOf(page, 'order.placed').press('Enter');
	await page.waitForURL('**/map?at=dev.bodega.order.placed');
	await page.getByRole('link', { name: 'See these events' }).click();
	await page.waitForURL('**/events?type=dev.bodega.order.placed');
	await page.goBack();
	await page.getByRole('heading', { name: 'order.placed' }).waitFor();
	expect(await typeOf(page, 'order.placed').getAttribute('aria-current')).toBe('true');
	await page.goBack();
	await page.getByRole('heading', { name: 'Details' }).waitFor();
});

test('lights up the events of an order on their way', async () => {
	const book = await ownBook(5);
	const page = await watch();
	expect(await typeOf(page, 'order.placed').getAttribute('data-lit')).toBeNull();
	const seen = Promise.all([
		page.locator('[data-type="dev.bodega.order.placed"][data-lit="lit"]').waitFor(),
		page.locator('[data-wire="emits orders dev.bodega.order.placed"][data-lit="lit"]').waitFor({ state: 'attached' }),
		page.locator('[data-wire="reacts books-on-order-placed"][data-lit="lit"]').waitFor({ state: 'attached' }),
	]);
	const id = await order(book);
	await seen;
	const happened = page.getByRole('region', { name: 'Just now' }).getByRole('listitem');
	for (const what of ['published by orders', 'handled by books'])
		await happened
			.filter({ hasText: `order.placed of ${id}` })
			.filter({ hasText: what })
			.waitFor();
	await happened.filter({ hasText: 'invoice.issued' }).filter({ hasText: 'handled by orders' }).waitFor();
	// The lights go out again.
	await page.locator('.map [data-lit]').first().waitFor({ state: 'detached' });
});

test('shows a delivery as failing until it is handled, and its error to an admin', async () => {
	const book = await ownBook(5);
	const page = await watch({ as: 'admin' });
	const goOn = await stopReserving();
	await order(book);
	const line = page.locator('[data-wire="reacts books-on-order-placed"][data-lit="failing"]');
	await line.waitFor({ state: 'attached' });
	await listed(page, 'Functions').filter({ hasText: 'books' }).filter({ hasText: 'failing' }).waitFor();
	await page
		.getByRole('region', { name: 'Just now' })
		.getByText(/a drill: books is broken on purpose/)
		.first()
		.waitFor();
	await goOn();
	await line.waitFor({ state: 'detached', timeout: 2 * patience });
});

test('polls the events if no stream is available', async () => {
	const book = await ownBook(5);
	const page = await open('about:blank', { noise: /Failed to load resource|MIME type/ });
	await page.route(
		(url) => url.pathname === '/api/events',
		(route) =>
			route.request().headers()['accept'] === 'text/event-stream' ? route.fulfill({ status: 503 }) : route.fallback(),
	);
	await page.goto('/map');
	await page.getByText('watching events').waitFor();
	await listed(page, 'Functions').first().waitFor();
	const id = await order(book);
	await page.getByRole('region', { name: 'Just now' }).getByText(`of ${id}`).first().waitFor();
});
