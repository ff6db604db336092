import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, post, visit } from '../../../acceptance/setup/visitor.ts';
import { answers, noAnswer, open } from '../../browser.ts';
import { type OwnBook, order, ownBook, stopReserving } from '../stock.ts';

const reserved = 'dev.bodega.stock.reserved';
/** Returns the path of the log for one type of event and one book, which hides the events of other tests. */
const pathOf = ({ id }: OwnBook): string => `/events?type=${reserved}&subject=${id}`;

const linesOf = (page: Page): Locator => page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem');
const lineOf = (page: Page, type: string, subject: number): Locator =>
	linesOf(page)
		.filter({ has: page.getByRole('link', { name: type, exact: true }) })
		.filter({ has: page.getByText(`subject ${subject}`, { exact: true }) });

/** Opens the log, and waits until its stream delivers new events. */
async function watch(path: string, options?: Parameters<typeof open>[1]): Promise<Page> {
	const page = await open(path, options);
	await linesOf(page).first().or(page.getByText('events yet')).waitFor();
	await page.evaluate(() => {
		document.title = 'not loaded again';
	});
	return page;
}

/** Returns the events of a type and a subject. */
const eventsOf = async (type: string, subject: number): Promise<{ id: string; traceparent: string }[]> =>
	(await visit('gateway', `/api/events?type=${type}&subject=${subject}&limit=1000`)).json;

test('shows new events without a reload, and marks them when they are handled', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const page = await watch('/events');
	const id = await order(book);
	const placed = lineOf(page, 'order.placed', id);
	await placed.getByText('from orders').waitFor();
	await placed.getByText(/^books failing, \d+ attempts?$/).waitFor();
	await page.getByText(new RegExp(`^New: .*order\\.placed ${id}`)).waitFor({ state: 'attached' });
	await goOn();
	// What follows joins the event that caused it: one line, in the colour of the order and with its name.
	const group = page
		.getByRole('listitem')
		.filter({ has: page.getByRole('button', { name: 'order.placed and 2 more' }) })
		.filter({ has: page.getByText(`order ${id}`, { exact: true }) });
	await group.getByText('3 handled').waitFor();
	expect(await placed.count()).toBe(0);
	await group.getByRole('button').click();
	await placed.getByText(/^books handled, \d+ attempts$/).waitFor();
	await lineOf(page, 'stock.reserved', book.id).getByText('billing handled').waitFor();
	expect(await group.getByRole('list').getByRole('link').allInnerTexts()).toEqual([
		'order.placed',
		'stock.reserved',
		'invoice.issued',
	]);
	// Another order stays out of the way until the reader asks for it, or folds what they read.
	await order(book);
	await page.getByRole('button', { name: /^\d+ new events?$/ }).waitFor();
	await group.getByRole('button').click();
	await page.getByRole('button', { name: /^\d+ new events?$/ }).waitFor({ state: 'detached' });
	expect(await page.title()).toBe('not loaded again');
});

test('filters the log by function and status, and drops an event that no longer matches', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const id = await order(book);
	const page = await watch(`/events?subject=${id}&type=dev.bodega.order.placed`);
	await page.getByRole('combobox', { name: 'Function' }).selectOption('books');
	await page.getByRole('combobox', { name: 'Status' }).selectOption('failing');
	await page.waitForURL(`**/events?subject=${id}&type=dev.bodega.order.placed&function=books&status=failing`);
	await lineOf(page, 'order.placed', id)
		.getByText(/^books failing/)
		.waitFor();
	await page.getByRole('combobox', { name: 'Function' }).selectOption('billing');
	await page.getByText('No matching events yet.').waitFor();
	await page.goBack();
	await lineOf(page, 'order.placed', id).waitFor();
	await goOn();
	await page.getByText('No matching events yet.').waitFor();
});

test('filters the log by type and subject, and stores both in the URL', async () => {
	const [book, other] = [await ownBook(5), await ownBook(5)];
	const id = await order(book);
	const page = await watch('/events');
	await page.getByText(`order ${id}`, { exact: true }).waitFor();
	const types = async (): Promise<string[]> => [...new Set(await linesOf(page).getByRole('link').allInnerTexts())];

	await page.getByLabel('Type').selectOption('stock.reserved');
	await page.waitForURL(`**/events?type=${reserved}`);
	await lineOf(page, 'stock.reserved', book.id).waitFor();
	expect(await types()).toEqual(['stock.reserved']);
	// The filter applies to new events too: this order also publishes order.placed.
	await order(other);
	await lineOf(page, 'stock.reserved', other.id).waitFor();
	expect(await types()).toEqual(['stock.reserved']);

	await page.getByRole('searchbox', { name: 'Subject' }).fill(String(book.id));
	await page.waitForURL(`**${pathOf(book)}`);
	await lineOf(page, 'stock.reserved', other.id).waitFor({ state: 'detached' });
	await page.reload();
	await lineOf(page, 'stock.reserved', book.id).waitFor();
	expect(await linesOf(page).count()).toBe(1);
	await page.goBack();
	await page.getByText(`order ${id}`, { exact: true }).waitFor();
	expect(await page.getByLabel('Type').inputValue()).toBe('');
});

test('counts and holds back new events while the log is paused', async () => {
	const book = await ownBook(5);
	const page = await watch(pathOf(book));
	await page.getByText('No matching events yet.').waitFor();
	await page.getByRole('button', { name: 'Pause' }).click();
	await order(book);
	await page.getByRole('button', { name: '1 new event' }).waitFor();
	await order(book);
	const held = page.getByRole('button', { name: '2 new events' });
	await held.waitFor();
	expect(await linesOf(page).count()).toBe(0);
	await held.click();
	await held.waitFor({ state: 'detached' });
	expect(await linesOf(page).count()).toBe(2);
	await order(book);
	await page.getByRole('button', { name: '1 new event' }).waitFor();
	await page.getByRole('button', { name: 'Resume' }).click();
	await expect.poll(() => linesOf(page).count()).toBe(3);
});

test('loads more of a long log, and holds back new events from a reader further down', {
	timeout: 200_000,
}, async () => {
	const book = await ownBook(60);
	await Promise.all(Array.from({ length: 52 }, () => order(book)));
	await eventually('all are reserved', async () => (await eventsOf(reserved, book.id)).length === 52);
	const page = await watch(pathOf(book), { viewport: { width: 1280, height: 800 } });
	expect(await linesOf(page).count()).toBe(50);
	await page.getByRole('button', { name: 'Show more' }).click();
	await expect.poll(() => linesOf(page).count()).toBe(52);
	await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
	const shown = await linesOf(page)
		.getByRole('link')
		.evaluateAll((links) => links.map((link) => link.getAttribute('href')));
	expect(shown).toEqual((await eventsOf(reserved, book.id)).map(({ id }) => `/events/${id}`));

	await linesOf(page).last().scrollIntoViewIfNeeded();
	await order(book);
	await page.getByRole('button', { name: '1 new event' }).click();
	await expect.poll(() => linesOf(page).count()).toBe(53);
	const top = () =>
		linesOf(page)
			.first()
			.evaluate((line) => line.getBoundingClientRect().top);
	await expect.poll(top).toBeGreaterThanOrEqual(0);
	// The log is live again.
	await order(book);
	await expect.poll(() => linesOf(page).count()).toBe(54);
});

test('shows an event with its attributes, payload, trace and consequences, and updates them live', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const id = await order(book);
	const [placed] = await eventsOf('dev.bodega.order.placed', id);
	const page = await watch('/events', { as: 'admin' });
	await lineOf(page, 'order.placed', id).getByRole('link').click();
	await page.getByRole('heading', { level: 1, name: 'order.placed' }).waitFor();
	expect(new URL(page.url()).pathname).toBe(`/events/${placed?.id}`);

	const attribute = (name: string): Promise<string> =>
		page
			.getByRole('row')
			.filter({ has: page.getByRole('rowheader', { name, exact: true }) })
			.getByRole('cell')
			.innerText();
	for (const [name, value] of [
		['specversion', '1.0'],
		['id', placed?.id],
		['source', '/functions/orders'],
		['type', 'dev.bodega.order.placed'],
		['subject', String(id)],
		['datacontenttype', 'application/json'],
		['dataschema', 'urn:bodega:event:order.placed:2'],
		['traceparent', placed?.traceparent],
		['caused by', 'a request'],
	] as const)
		expect(await attribute(name)).toBe(value);
	const data = await page.getByRole('region', { name: 'Data as JSON' }).innerText();
	expect(JSON.parse(data)).toMatchObject({
		order_id: id,
		customer_name: 'Ada',
		lines: [{ book_id: book.id, unit_price: '12.50' }],
	});

	const told = page.getByRole('list', { name: 'The trace, step by step' }).getByRole('listitem');
	const drawing = page.getByRole('img', { name: /^Sequence diagram/ });
	const followed = page.getByRole('region', { name: 'Events it caused' });
	await told.filter({ hasText: 'orders published it' }).waitFor();
	// The relay can have published the event again meanwhile.
	const failed = told.filter({ hasText: 'attempt 1 of books failed' }).first();
	await failed.getByText(/^a drill: books is broken on purpose until/).waitFor();
	await drawing.getByText('attempt 1 failed').first().waitFor();
	await told.filter({ hasText: 'books has yet to handle it' }).waitFor();
	await followed.getByText('It has caused no other events.').waitFor();
	const attempts = page.getByRole('region', { name: 'Attempts of books' }).getByRole('listitem');
	await attempts
		.filter({ hasText: 'First publication' })
		.getByText(/^Next attempt: \d+:\d\d:\d\d [AP]M at the earliest$/)
		.first()
		.waitFor();

	await goOn();
	for (const step of [
		/order\.placed · books received it, attempt \d/,
		/order\.placed · books handled it, .+ after it was published/,
		/stock\.reserved · books published it/,
		/stock\.reserved · billing handled it, .+ after it was published/,
		/invoice\.issued · billing published it/,
		/invoice\.issued · orders handled it, .+ after it was published/,
	])
		await told.filter({ hasText: step }).waitFor();
	await drawing
		.getByText(/handled, \S+/)
		.first()
		.waitFor();
	for (const lifeline of ['orders', 'Broker', 'books', 'billing'])
		await drawing.getByText(lifeline, { exact: true }).waitFor();
	// The consequences are a tree: stock.reserved caused invoice.issued.
	const tree = followed.getByRole('listitem').filter({ hasText: 'stock.reserved' }).getByRole('listitem');
	await tree.filter({ hasText: 'invoice.issued' }).getByText('orders handled').waitFor();
	expect(await page.title()).toBe('order.placed · Bodega');
	await tree.getByRole('link', { name: 'invoice.issued' }).click();
	await page.getByRole('heading', { level: 1, name: 'invoice.issued' }).waitFor();
	await page.getByRole('row').filter({ hasText: 'caused by' }).getByRole('link').click();
	await page.getByRole('heading', { level: 1, name: 'stock.reserved' }).waitFor();
});

test('an admin publishes an event of the catalog by hand, and functions handle it once', async () => {
	const book = await ownBook(5);
	const page = await open('/events?publish=order.placed', { as: 'admin', noise: answers(422) });
	const dialog = page.getByRole('dialog', { name: 'Publish an event' });
	expect(await dialog.getByLabel('Type').inputValue()).toBe('dev.bodega.order.placed');
	await dialog.getByText('Handled by books,').waitFor();
	const publish = dialog.getByRole('button', { name: 'Publish' });
	const data = dialog.getByLabel('Data as JSON');
	const placed = { order_id: 999_999, book_id: book.id, customer_name: 'Ada', quantity: 2, unit_price: '12.50' };

	await data.fill('{');
	await publish.click();
	await dialog.getByText('This is not JSON').waitFor();
	await data.fill(JSON.stringify({ ...placed, quantity: 'two' }));
	await publish.click();
	await dialog.getByText('quantity Invalid input: expected number, received string').waitFor();
	expect(await dialog.getByLabel('Subject').getAttribute('aria-invalid')).toBe('true');
	// Both fields stay as they were typed when another type is chosen in between.
	await dialog.getByLabel('Subject').fill('999999');
	await dialog.getByLabel('Type').selectOption('account.deleted');
	await page.waitForURL('**/events?publish=dev.bodega.account.deleted');
	await dialog.getByLabel('Type').selectOption('order.placed');
	await data.fill(JSON.stringify(placed));
	await publish.click();

	await page.getByRole('heading', { level: 1, name: 'order.placed' }).waitFor();
	await page.getByText(/^Published by admin at/).waitFor();
	await page
		.getByRole('row')
		.filter({ hasText: 'published by' })
		.getByText(/^by hand, by the account/)
		.waitFor();
	await page.getByRole('status').getByText('books handled').waitFor();
	await page.getByRole('region', { name: 'Events it caused' }).getByText('stock.reserved').waitFor();
	expect((await visit('gateway', `/api/books/${book.id}`)).json.stock).toBe(3);
});

test('offers publishing to admins only, and says so to others', async () => {
	const page = await open('/events?publish=order.placed');
	const dialog = page.getByRole('dialog', { name: 'Publish an event' });
	const way = dialog.getByRole('link', { name: 'Sign in as an admin' });
	expect(await way.getAttribute('href')).toBe(`/sign-in?to=${encodeURIComponent('/events?publish=order.placed')}`);
	await page.keyboard.press('Escape');
	await page.waitForURL('**/events');
	expect(await page.getByRole('button', { name: 'Publish an event' }).count()).toBe(0);
});

test('hides the payload of an event from a visitor who is not an admin, and says why', async () => {
	const id = await order(await ownBook(5));
	const [placed] = await eventsOf('dev.bodega.order.placed', id);
	const page = await open(`/events/${placed?.id}`);
	const way = page.getByRole('link', { name: 'Sign in as an admin' });
	await way.waitFor();
	await page.getByText('only admins can see it').waitFor();
	expect(await way.getAttribute('href')).toBe(`/sign-in?to=${encodeURIComponent(`/events/${placed?.id}`)}`);
	expect(await page.getByRole('main').innerText()).not.toContain('Ada');
});

test('shows a neutral text instead of the id of an invoice, but the id to an admin', async () => {
	const { json } = await post('/api/billing', { user_id: 3, number_of_items: 5, total_amount: '180.00' });
	const path = '/events?type=dev.bodega.billing.requested';
	const page = await watch(path);
	await linesOf(page).first().getByText('subject private', { exact: true }).waitFor();
	// New events have the same text.
	const again = await post('/api/billing', { user_id: 3, number_of_items: 5, total_amount: '180.00' });
	await page.getByText('New: billing.requested').waitFor({ state: 'attached' });
	expect(await page.getByRole('main').innerText()).not.toMatch(new RegExp(`${json.id}|${again.json.id}`));
	const french = await open(path, { locale: 'fr-FR' });
	await french.getByRole('listitem').getByText('sujet confidentiel', { exact: true }).first().waitFor();
	const admin = await watch(path, { as: 'admin' });
	for (const { id } of [json, again.json]) await linesOf(admin).getByText(`subject ${id}`, { exact: true }).waitFor();
});

test('resumes a lost stream without missing an event', async () => {
	const book = await ownBook(5);
	const page = await open('about:blank', { noise: noAnswer });
	let streams = 0;
	await page.route(
		(url) => url.pathname === '/api/events',
		async (route) => {
			if (route.request().headers()['accept'] !== 'text/event-stream') return route.fallback();
			streams += 1;
			if (streams === 1) return route.fulfill({ contentType: 'text/event-stream', body: 'retry: 100\n\n' });
			if (streams > 2) return route.fallback();
			await page.getByText('No matching events yet.').waitFor();
			await order(book);
			await eventually('it is reserved', async () => (await eventsOf(reserved, book.id)).length === 1);
			return route.abort();
		},
	);
	await page.goto(pathOf(book));
	await expect.poll(() => linesOf(page).count()).toBe(1);
	await order(book);
	await expect.poll(() => linesOf(page).count()).toBe(2);
	expect(streams).toBe(3);
});

test('polls the log if no stream is available, also after the log was down', async () => {
	const book = await ownBook(5);
	const page = await open('about:blank', { noise: /Failed to load resource|MIME type/ });
	let away = false;
	await page.route(
		(url) => url.pathname === '/api/events',
		(route) =>
			away || route.request().headers()['accept'] === 'text/event-stream'
				? route.fulfill({ status: 503 })
				: route.fallback(),
	);
	await page.goto(pathOf(book));
	await page.getByText('No matching events yet.').waitFor();
	await order(book);
	await expect.poll(() => linesOf(page).count()).toBe(1);
	away = true;
	await page.waitForResponse((response) => response.url().includes('/api/events') && response.status() === 503);
	await order(book);
	away = false;
	await expect.poll(() => linesOf(page).count()).toBe(2);
});
