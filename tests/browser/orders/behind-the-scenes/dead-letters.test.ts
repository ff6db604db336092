import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { refusing } from '../../../acceptance/setup/refusing.ts';
import { asAdmin, breakFunction, eventually, post, visit } from '../../../acceptance/setup/visitor.ts';
import { open } from '../../browser.ts';

const bill = { user_id: 7, number_of_items: 2, total_amount: '59.98' };

interface Refused {
	/** The ids of the requested invoices whose events are dead letters. */
	readonly ids: readonly string[];
	readonly mend: () => Promise<void>;
}

/** Requests invoices while billing rejects all events, and waits until each event is a dead letter. */
async function askInVain(count: number): Promise<Refused> {
	const mend = await breakFunction('billing-events', refusing);
	const asked = await Promise.all(Array.from({ length: count }, () => post('/api/billing', bill)));
	const ids = asked.map(({ json }): string => json.id);
	for (const id of ids) await eventually('it is a dead letter', async () => (await statusOf(id)) === 'dead');
	return { ids, mend };
}

/** Returns the delivery status of an invoice request. */
async function statusOf(id: string): Promise<string> {
	const { json } = await visit('gateway', `/api/events?type=dev.bodega.billing.requested&subject=${id}`, {
		headers: asAdmin,
	});
	return json[0].deliveries[0].status;
}

/** Counts how often an invoice was issued. */
const issued = async (id: string): Promise<number> =>
	(await visit('gateway', `/api/events?type=dev.bodega.invoice.issued&subject=${id}`, { headers: asAdmin })).json
		.length;

const cardOf = (page: Page, id: string): Locator =>
	page.getByRole('listitem').filter({ has: page.getByText(id, { exact: true }) });
const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

test('a dead letter shows its error, comes back if replayed before the repair, and is handled after it', async () => {
	const { ids, mend } = await askInVain(1);
	const [id = ''] = ids;
	const page = await open('/dead-letters', { as: 'admin' });
	const card = cardOf(page, id);
	await page.getByRole('heading', { level: 2, name: /open letter/ }).waitFor();
	for (const told of ['answered 422', 'billing is out of ink', 'billing-on-billing-requested'])
		await card.getByText(told, { exact: true }).waitFor();
	await card.getByText('Payload').click();
	expect(JSON.parse(await card.locator('pre').innerText())).toEqual({ invoice_id: id, ...bill });

	await card.getByRole('link', { name: 'billing.requested' }).click();
	await page.getByRole('status').getByText('billing dead letter').waitFor();
	await page.goBack();

	const replay = card.getByRole('button', { name: 'Replay' });
	await replay.click();
	await card.getByText('It failed again.').waitFor();
	expect(await issued(id)).toBe(0);
	await mend();
	await replay.click();
	await card.getByText('Replayed:').waitFor();
	await card.getByText('billing handled').waitFor();
	await replay.waitFor({ state: 'detached' });
	expect(await isFocused(card)).toBe(true);
	expect(await issued(id)).toBe(1);
	await page.reload();
	await page
		.getByRole('heading', { level: 2 })
		.filter({ hasText: /letters?$/ })
		.waitFor();
	expect(await card.count()).toBe(0);
});

test('replays all letters with one button, after a confirmation when there are many', async () => {
	const { ids, mend } = await askInVain(6);
	await mend();
	const page = await open('/dead-letters', { as: 'admin' });
	const all = page.getByRole('main').getByRole('button', { name: /^Replay all \d+/ });
	const dialog = page.getByRole('dialog', { name: /^Replay all \d+\+? letters\?$/ });
	await all.click();
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
	expect(await isFocused(all)).toBe(true);
	expect(await statusOf(ids[0] ?? '')).toBe('dead');
	await all.click();
	await dialog.getByRole('button', { name: /^Replay all/ }).click();
	for (const id of ids) await cardOf(page, id).getByText('billing handled').waitFor();
	await page.getByText(/^Replay results: \d+ handled, \d+ in progress, \d+ failed again\.$/).waitFor();
	for (const id of ids) expect(await issued(id)).toBe(1);
});

test('discards a letter permanently after a confirmation', async () => {
	const { ids, mend } = await askInVain(2);
	await mend();
	const page = await open('/dead-letters', { as: 'admin' });
	const [one = '', other = ''] = ids;
	await cardOf(page, one).waitFor();
	const [upper, lower] = (await cardOf(page, one).or(cardOf(page, other)).first().innerText()).includes(one)
		? [one, other]
		: [other, one];
	const discard = cardOf(page, upper).getByRole('button', { name: 'Discard' });
	const dialog = page.getByRole('dialog', { name: 'Discard this letter?' });
	await discard.click();
	await dialog.getByText('billing will never handle this event.').waitFor();
	await dialog.getByRole('button', { name: 'Cancel' }).click();
	await dialog.waitFor({ state: 'detached' });
	expect(await isFocused(discard)).toBe(true);
	expect(await statusOf(upper)).toBe('dead');

	await discard.click();
	await dialog.getByRole('button', { name: 'Discard' }).click();
	await cardOf(page, upper).waitFor({ state: 'detached' });
	await page.getByText('Discarded.').waitFor({ state: 'attached' });
	await expect.poll(() => isFocused(cardOf(page, lower))).toBe(true);
	expect(await statusOf(upper)).toBe('discarded');
	await page.reload();
	await cardOf(page, lower).getByRole('button', { name: 'Replay' }).click();
	await cardOf(page, lower).getByText('billing handled').waitFor();
	expect(await cardOf(page, upper).count()).toBe(0);
	expect(await issued(upper)).toBe(0);
});
