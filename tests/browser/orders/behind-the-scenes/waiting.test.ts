import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { refusing } from '../../../acceptance/setup/refusing.ts';
import { asAdmin, breakFunction, eventually, visit } from '../../../acceptance/setup/visitor.ts';
import { answers, newAccount, open, origin } from '../../browser.ts';
import { order, ownBook, stopReserving } from '../stock.ts';

const receiptOf = (page: Page, name = 'Receipt'): Locator => page.getByRole('region', { name });

test('a pending order says which step it waits for, with its failed attempts, in both languages', async () => {
	const book = await ownBook(5);
	const goOn = await stopReserving();
	const id = await order(book);
	const page = await open(`/orders/${id}`);
	const receipt = receiptOf(page);
	await receipt.getByText('Step 1 of 3: setting your books aside').waitFor();
	await receipt.getByText(/books is broken on purpose for a drill, until .+ Nothing is lost\./).waitFor();
	await receipt.getByText(/\d attempts failed\. We are trying again\./).waitFor();
	await receipt.getByText(/The shop has restarted this step (once|\d times)\./).waitFor();
	expect(await page.getByRole('main').innerText()).not.toContain('a drill:');
	const french = await open(`/orders/${id}`, { locale: 'fr-FR' });
	await receiptOf(french, 'Reçu').getByText('Étape 1 sur 3 : mise de côté de vos livres').waitFor();
	await receiptOf(french, 'Reçu')
		.getByText(/\d essais ont échoué\. Nous réessayons\./)
		.waitFor();
	await goOn();
	await receipt.getByText('Thank you, and come again.').waitFor();
});

test('a pending order says when an admin has to help, and shows only an admin the way', async () => {
	const book = await ownBook(5);
	await breakFunction('billing-events', refusing);
	const page = await open(book.path, { as: await newAccount('Ada Lovelace') });
	const card = page.getByRole('article', { name: book.title });
	await card.getByRole('button', { name: 'One copy more' }).click();
	await card.getByRole('button', { name: /Order/ }).click();
	const link = card.getByRole('link', { name: /^Order \d+$/ });
	const id = (await link.innerText()).replace('Order ', '');
	await link.click();
	await receiptOf(page).getByText('Step 2 of 3: writing your invoice').waitFor();
	await receiptOf(page).getByText('Every attempt failed. An admin has to help now').waitFor();
	expect(await receiptOf(page).getByRole('link').count()).toBe(0);
	await page.getByText('billing dead letter').waitFor();

	const admin = await open(`/orders/${id}`, { as: 'admin', noise: answers(404) });
	await receiptOf(admin).getByRole('link', { name: 'To the dead letters' }).click();
	await admin.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
	const letter = await eventually('the dead letter is listed', async () => {
		const { json } = await visit('gateway', '/api/dead-letters', { headers: asAdmin });
		return json.find(({ event }: { event: { data: { order_id?: number } } }) => event.data.order_id === Number(id));
	});
	// Another admin is faster.
	const inList = admin.locator(`[data-letter="${letter.id}"]`);
	await inList.waitFor();
	await visit('gateway', `/api/dead-letters/${letter.id}`, { method: 'DELETE', headers: asAdmin });
	await inList.getByRole('button', { name: 'Replay' }).click();
	await admin.getByText('That letter was already replayed, discarded or handled.').waitFor();
	await inList.waitFor({ state: 'detached' });

	await receiptOf(page).getByText('An admin has stopped this step').waitFor();
	await admin.goto(`${origin}/orders/${id}`);
	await receiptOf(admin).getByRole('link', { name: 'Show the event' }).click();
	await admin.getByRole('status').getByText('billing discarded').waitFor();
});
