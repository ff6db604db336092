import type { Locator, Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import { newAccount, open, type Visit } from '../browser.ts';

/** The field for a new item. */
export const field = (page: Page): Locator => page.getByLabel('What needs doing?');
/** The handle that moves an item. */
export const handleOf = (page: Page, title: string): Locator =>
	page.getByRole('button', { name: `Move ${title}`, exact: true });
/** The row of an item that the shop has saved. */
export const rowOf = (page: Page, title: string): Locator => page.locator('.todo', { has: handleOf(page, title) });
export const filterOf = (page: Page, name: RegExp): Locator =>
	page.getByRole('navigation', { name: 'Show' }).getByRole('link', { name });

export const titles = (page: Page): Promise<string[]> => page.locator('.todo-title').allInnerTexts();
/** Waits until the list shows these titles, in this order. */
export const becomes = (page: Page, ...wanted: string[]): Promise<void> =>
	expect.poll(() => titles(page)).toEqual(wanted);

/** Waits for the shop’s next answer to a change of the list. */
export const answered = (page: Page, method: 'POST' | 'PATCH' | 'DELETE'): Promise<Response> =>
	page.waitForResponse((response) => response.request().method() === method && response.url().includes('/api/todo'));

/** Ticks an item, and waits until the shop has saved the change. */
export async function tick(page: Page, title: string): Promise<void> {
	const saved = answered(page, 'PATCH');
	await rowOf(page, title).getByRole('checkbox').check();
	await saved;
}

/** Adds items to the list, and waits until the shop has saved them. */
export async function add(page: Page, ...written: string[]): Promise<void> {
	for (const title of written) {
		await field(page).fill(title);
		await field(page).press('Enter');
		await rowOf(page, title).waitFor();
	}
}

/** Opens the list of a new account, and adds these items to it. */
export async function ownList(written: readonly string[], visit: Visit = {}): Promise<Page> {
	const page = await open('/todo', { as: await newAccount('Ada'), ...visit });
	await page.getByRole('heading', { name: 'Ada’s list' }).waitFor();
	await add(page, ...written);
	return page;
}
