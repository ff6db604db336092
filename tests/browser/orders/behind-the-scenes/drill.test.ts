import pg from 'pg';
import type { Locator, Page } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { ownerUrl } from '../../../acceptance/setup/laptop.ts';
import { asAdmin, breakFunction, visit } from '../../../acceptance/setup/visitor.ts';
import { patience } from '../../../run/patience.ts';
import { answers, newAccount, open, type Visit } from '../../browser.ts';
import { order, ownBook } from '../stock.ts';

const shop = inject('shop');
const drill = '/api/drills/billing';
const mend = () => visit('gateway', drill, { method: 'DELETE', headers: asAdmin });

/** Opens the drill screen for billing, and ends the drill when the test ends. */
async function openDrill(visit: Visit = {}): Promise<Page> {
	onTestFinished(async () => void (await mend()));
	const page = await open('/drill?function=billing', { as: 'admin', ...visit });
	await stepOf(page, 'Inject a fault').waitFor();
	return page;
}

/** Shortens the drill to three more seconds, because the shortest one that can be started takes a minute. */
async function endDrillSoon(): Promise<void> {
	const client = new pg.Client({ connectionString: ownerUrl(shop) });
	await client.connect();
	await client.query(`update eventing.drills set ends_at = now() + interval '3 seconds'`).finally(() => client.end());
}

const stepOf = (page: Page, title: string): Locator =>
	page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) });
const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);
const isBroken = async (): Promise<boolean> => {
	const { json } = await visit('gateway', '/api/drills', { headers: asAdmin });
	return json.some((each: { function: string }) => each.function === 'billing');
};
/** The line about an order in a step. */
const orderIn = (step: Locator, id: number): Locator =>
	step
		.getByRole('list', { name: 'Orders' })
		.getByRole('listitem')
		.filter({ has: step.page().getByRole('link', { name: `Order ${id}`, exact: true }) });

test('orders wait while billing is broken, and each has exactly one invoice after it is mended', async () => {
	const book = await ownBook(5);
	const page = await openDrill();
	await page.getByLabel('Function that reacts to events').selectOption('billing');
	await page.getByRole('button', { name: 'Break billing' }).click();
	await page.getByText('billing has been broken since').waitFor();
	expect(await isBroken()).toBe(true);

	// One order is placed on this screen, the other elsewhere.
	await page.getByRole('button', { name: 'Order one copy' }).click();
	const taken = await stepOf(page, 'Order a book')
		.getByRole('link', { name: /^Order \d+$/ })
		.innerText();
	const orders = [Number(taken.replace('Order ', '')), await order(book)];
	const watching = stepOf(page, 'See the waiting events');
	for (const id of orders) await orderIn(watching, id).getByText('pending').waitFor();
	const waits = watching.getByRole('list', { name: 'Waiting events' }).getByRole('listitem');
	await expect.poll(() => waits.filter({ hasText: 'a drill: billing is broken on purpose' }).count()).toBe(2);
	await waits
		.first()
		.getByText(/^billing failing, \d+ attempts?$/)
		.waitFor();
	await watching.getByText(/^2 events for billing, \d+ failed attempts\.$/).waitFor();

	// The drill goes on after the page is loaded again.
	await page.goto('/drill');
	for (const id of orders) await orderIn(watching, id).getByText('pending').waitFor();
	await page.getByRole('button', { name: 'Repair billing' }).click();
	await page.getByText('Repaired. 2 events were published again with the same ids.').waitFor();
	const result = stepOf(page, 'Each event handled once');
	await result.getByText('2 events waited, 2 handled, once each.').waitFor();
	for (const id of orders) {
		await orderIn(result, id).getByText('completed').waitFor();
		await orderIn(result, id).getByText('exactly one invoice').waitFor();
	}
	expect(await isBroken()).toBe(false);
	// The result is still shown after the page is loaded again.
	await page.reload();
	await result.getByText('2 events waited, 2 handled, once each.').waitFor();
	await page.getByRole('button', { name: 'Start another drill' }).click();
	await page.getByRole('button', { name: 'Break billing' }).waitFor();
});

test('counts down the seconds of a drill, and prolongs it', async () => {
	const page = await openDrill();
	await visit('gateway', drill, { method: 'PUT', headers: asAdmin, body: { minutes: 1 } });
	await page.reload();
	const timer = page.getByRole('timer');
	const left = async (): Promise<number> => {
		const [, minutes, seconds] = /(\d+):(\d\d)$/.exec(await timer.innerText()) ?? [];
		return 60 * Number(minutes) + Number(seconds);
	};
	await timer.getByText(/^\d:\d\d$/).waitFor();
	const first = await left();
	expect(first).toBeLessThanOrEqual(60);
	await expect.poll(left).toBeLessThan(first);
	const longer = page.getByRole('button', { name: 'Five minutes more' });
	await longer.click();
	await expect.poll(left).toBeGreaterThan(60);
	expect(await isFocused(longer)).toBe(true);
	// Another admin ends the drill. The page notices when billing handles an event.
	await mend();
	await order(await ownBook(5));
	await page.getByText('The drill is over.').waitFor();
});

test('a drill ends by itself, and a button republishes the waiting events', async () => {
	// The button finds no drill if the relay has ended it first.
	const page = await openDrill({ noise: answers(404) });
	await visit('gateway', drill, { method: 'PUT', headers: asAdmin, body: {} });
	await page.reload();
	const id = await order(await ownBook(5));
	const watching = stepOf(page, 'See the waiting events');
	await orderIn(watching, id).getByText('pending').waitFor();
	await watching.getByText('a drill: billing is broken on purpose').waitFor();
	// Breaks billing itself too, so that no retry handles the event too early.
	const heal = await breakFunction('billing-events');
	const result = stepOf(page, 'Each event handled once');
	await endDrillSoon();
	await page.reload();
	await result.getByText('1 event waited, 0 handled so far.').waitFor();
	await page.getByText('The drill of billing began at').waitFor();
	await page.getByRole('button', { name: 'Publish again now' }).click();
	await page.getByText(/^(Repaired\. 1 event was published again with the same id\.|The drill is over\.)/).waitFor();
	await heal();
	await result.getByText('1 event waited, 1 handled, once each.').waitFor({ timeout: 2 * patience });
	await orderIn(result, id).getByText('exactly one invoice').waitFor();
});

test('offers each kind with what will happen, and says on the map and at the dead letters who started one', async () => {
	const page = await openDrill();
	for (const line of [
		/^Outage The function fails to handle every event\. Ends after five minutes/,
		/^Latency Each event takes longer, and nothing fails\. Ends after five minutes\.$/,
		/^Failures A part of the attempts fails/,
		/^Poison event .* becomes a dead letter within seconds/,
		/^Broker’s memory The Broker forgets every event it holds/,
	])
		await page.getByRole('radio', { name: line }).waitFor();
	await page.getByRole('radio', { name: /^Failures/ }).check();
	await page.getByLabel('Attempts that fail').selectOption('20%');
	await page.getByText('npx bodega drill failures billing', { exact: true }).waitFor();
	await page.getByRole('button', { name: 'Make billing fail at times' }).click();
	const sentence = page.getByText(
		/^20% of the attempts of billing have failed since .+\. Started by you\. It ends automatically in/,
	);
	await sentence.waitFor();
	expect(await isFocused(sentence)).toBe(true);
	await page.goto('/map');
	const banner = page.getByRole('region', { name: 'Active drills' });
	await banner.getByText('20% of the attempts of billing have failed since').waitFor();
	await page.getByRole('link', { name: /^billing.*drill$/ }).waitFor();
	await page.goto('/dead-letters');
	await banner.getByRole('button', { name: 'End this drill' }).click();
	await banner.waitFor({ state: 'detached' });
	expect(await isBroken()).toBe(false);
});

test('a poisoned event is a dead letter long before its retries end, and its replay after the drill settles the order', async () => {
	const page = await openDrill();
	await page.getByRole('radio', { name: /^Poison event/ }).check();
	await page.getByLabel('Type of the event').selectOption('stock.reserved');
	await page.getByRole('button', { name: 'Poison an event' }).click();
	await page.getByText('One stock.reserved has been poison for billing since').waitFor();
	const id = await order(await ownBook(5));
	const watching = stepOf(page, 'See the waiting events');
	await watching.getByText('a drill: this event is poison for billing').waitFor();
	await watching.getByText('billing dead letter, 1 attempt').waitFor();
	await page.getByRole('button', { name: 'Repair billing' }).click();
	const result = stepOf(page, 'Each event handled once');
	await result.getByRole('link', { name: 'Replay the dead letter' }).click();
	await page.getByRole('button', { name: 'Replay', exact: true }).first().click();
	await expect.poll(async () => (await visit('gateway', `/api/orders/${id}`)).json.status).toBe('completed');
});

test('wipes the Broker’s memory on a laptop, and republishes what it held', async () => {
	onTestFinished(
		async () => void (await visit('gateway', '/api/drills/broker', { method: 'DELETE', headers: asAdmin })),
	);
	const page = await openDrill();
	const heal = await breakFunction('billing-events');
	const id = await order(await ownBook(5));
	const { json } = await visit('gateway', `/api/events?type=dev.bodega.order.placed&subject=${id}`);
	await expect
		.poll(async () => (await visit('gateway', `/api/events?trace=${json[0].traceparent.split('-')[1]}`)).json.length)
		.toBe(2);
	await page.getByRole('radio', { name: /^Broker’s memory/ }).check();
	await page.getByRole('button', { name: 'Wipe the Broker’s memory' }).click();
	await page.getByText('The Broker lost its memory at').waitFor();
	await heal();
	await page.getByRole('button', { name: 'Publish again now' }).click();
	await expect.poll(async () => (await visit('gateway', `/api/orders/${id}`)).json.status).toBe('completed');
});

test('refuses a visitor who is not an admin, and breaks nothing', async () => {
	const asked: string[] = [];
	const look = async (options?: Parameters<typeof open>[1]): Promise<Page> => {
		const page = await open('/', options);
		page.on('request', (request) => asked.push(new URL(request.url()).pathname));
		await page.goto('/drill');
		return page;
	};
	const way = (await look()).getByRole('main').getByRole('link', { name: 'Sign in as an admin' });
	await way.waitFor();
	expect(await way.getAttribute('href')).toBe(`/sign-in?to=${encodeURIComponent('/drill')}`);
	const page = await look({ as: await newAccount('Grace Hopper') });
	await page.getByText('Grace Hopper is not an admin').waitFor();
	expect(await page.getByRole('button', { name: /^Break/ }).count()).toBe(0);
	expect(asked).not.toContain('/api/drills');
});
