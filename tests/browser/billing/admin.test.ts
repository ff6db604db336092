import { test } from 'vitest';
import { answers, open } from '../browser.ts';
import { fillIn, rowOf } from '../sheet.ts';

test('issues a requested invoice, and finds it', async () => {
	// The invoice's URL answers 404 until the invoice is issued.
	const page = await open('/admin/billing', { as: 'admin', noise: answers(404, 422) });
	const form = page.getByRole('region', { name: 'Request an invoice' });
	await fillIn(form, { 'User number': 'three', Items: '5', Total: '180.5' });
	await form.getByRole('button', { name: 'Request' }).click();
	await form.getByText('expected a whole number').waitFor();
	await fillIn(form, { 'User number': '3' });
	await form.getByRole('button', { name: 'Request' }).click();
	await form.getByRole('status').getByText('issued', { exact: true }).waitFor();
	await form.getByText('Amount: $180.50').waitFor();
	const id = (await form.locator('code').textContent()) ?? '';
	await rowOf(page, id).getByText('user 3').waitFor();
	// No invoice belongs to this order.
	await page.getByLabel('Order number').fill('2147483647');
	await page.getByText('This order has no invoice.').waitFor();
	await page.waitForURL('**/admin/billing?order=2147483647');
});
