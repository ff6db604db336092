import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { catalog } from '../../../eventing/catalog/catalog.ts';
import { functions } from '../../../functions/index.ts';
import { shop } from '../../../shop.ts';
import { open } from '../browser.ts';

const listed = (page: Page, list: string): Locator =>
	page.getByRole('list', { name: list, exact: true }).getByRole('link');

test('shows every function and every event type on the map and in a table', async () => {
	const page = await open('/map');
	await page.getByText('watching events').waitFor();
	await listed(page, 'Functions').first().waitFor();
	const told = async (list: string): Promise<string[]> =>
		(await listed(page, list).allInnerTexts()).map((text) => text.split(',')[0]?.trim() ?? '').sort();
	expect(await told('Functions')).toEqual(functions.map(({ name }) => name).sort());
	expect(await told('Events')).toEqual(
		Object.keys(catalog)
			.map((type) => type.replace(`${shop.eventPrefix}.`, ''))
			.sort(),
	);
	await page.getByText('As tables').click();
	const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'gateway', exact: true }) });
	expect(await row.innerText()).toMatch(/\busers\b/);
	await listed(page, 'Functions').filter({ hasText: 'gateway, ready' }).waitFor();
});

test('describes the focused function, and highlights its neighbours', async () => {
	const page = await open('/map');
	await listed(page, 'Functions').filter({ hasText: 'users' }).focus();
	await page.getByRole('heading', { name: 'users' }).waitFor();
	const isNear = (to: string) => page.locator(`[data-wire="calls gateway ${to}"]`).getAttribute('data-near');
	expect([await isNear('users'), await isNear('info')]).toEqual(['true', 'false']);
});
