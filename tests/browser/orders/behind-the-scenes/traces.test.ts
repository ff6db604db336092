import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { TracesData } from '../../../../functions/event-log/api.ts';
import { asAdmin, visit } from '../../../acceptance/setup/visitor.ts';
import { open } from '../../browser.ts';
import { order, ownBook } from '../stock.ts';

test('an admin records traces, and sees HTTP calls, queries and events of an order on one axis, and downloads them', async () => {
	const page = await open(`/traces/${'1'.repeat(32)}`, { as: 'admin' });
	onTestFinished(async () => void (await visit('gateway', '/api/recording', { method: 'DELETE', headers: asAdmin })));
	await page.getByText('No spans of this trace are recorded.').waitFor();
	await page.getByRole('button', { name: 'Record for ten minutes' }).click();
	await page.getByRole('button', { name: 'End the recording' }).waitFor();

	const id = await order(await ownBook(5));
	await page.goto(`/events?type=dev.bodega.order.placed&subject=${id}`);
	await page.getByRole('link', { name: 'order.placed' }).click();
	await page.getByRole('link', { name: 'HTTP calls, queries and events of this trace' }).click();
	await page.getByRole('heading', { level: 1, name: /^Trace [0-9a-f]{8}$/ }).waitFor();
	const spans = page.getByRole('list', { name: 'Spans' }).getByRole('listitem');
	const last = spans.filter({ hasText: 'process dev.bodega.invoice.issued orders-events' });
	await expect
		.poll(async () => {
			await page.getByRole('button', { name: 'Refresh' }).click();
			return last.count();
		})
		.toBe(1);
	for (const span of [
		'HTTP POST /api/orders gateway',
		'HTTP GET books orders',
		'query INSERT orders',
		'event publish dev.bodega.order.placed orders',
		'event process dev.bodega.order.placed books-events',
	])
		await spans.filter({ hasText: span }).first().waitFor();
	const query = spans.filter({ hasText: 'query WITH books-events' });
	await query.locator('summary').click();
	await query.getByText(/^with wanted/i).waitFor();

	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: 'Download as OTLP' }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/^trace-[0-9a-f]{32}\.json$/);
	const { resourceSpans } = JSON.parse(readFileSync(await download.path(), 'utf8')) as TracesData;
	const count = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)).length;
	expect(count).toBe(await spans.count());

	await page.getByRole('button', { name: 'End the recording' }).click();
	await page.getByRole('button', { name: 'Record for ten minutes' }).waitFor();
});

test('says to a visitor that traces are for admins', async () => {
	const page = await open(`/traces/${'1'.repeat(32)}`);
	await page.getByRole('main').getByRole('link', { name: 'Sign in as an admin' }).waitFor();
});
