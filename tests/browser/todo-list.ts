import type { Locator, Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import { newAccount, open, type Visit } from './browser.ts';

/** Where the next thing to do is written. */
export const field = (page: Page): Locator => page.getByLabel('What needs doing?');
/** The handle that a line is moved by. */
export const handleOf = (page: Page, title: string): Locator =>
	page.getByRole('button', { name: `Move ${title}`, exact: true });
/** A line that the shop has. */
export const rowOf = (page: Page, title: string): Locator => page.locator('.todo', { has: handleOf(page, title) });
export const filterOf = (page: Page, name: RegExp): Locator =>
	page.getByRole('navigation', { name: 'Show' }).getByRole('link', { name });

export const titles = (page: Page): Promise<string[]> => page.locator('.todo-title').allInnerTexts();
/** Waits until the list shows these, in this order. */
export const becomes = (page: Page, ...wanted: string[]): Promise<void> =>
	expect.poll(() => titles(page)).toEqual(wanted);

/** The shop’s next answer to a change of the list. */
export const answered = (page: Page, method: 'POST' | 'PATCH' | 'DELETE'): Promise<Response> =>
	page.waitForResponse((response) => response.request().method() === method && response.url().includes('/api/todo'));

/** Ticks a line, until the shop has it. */
export async function tick(page: Page, title: string): Promise<void> {
	const saved = answered(page, 'PATCH');
	await rowOf(page, title).getByRole('checkbox').check();
	await saved;
}

/** Writes things to do on the list, until the shop has them. */
export async function add(page: Page, ...written: string[]): Promise<void> {
	for (const title of written) {
		await field(page).fill(title);
		await field(page).press('Enter');
		await rowOf(page, title).waitFor();
	}
}

/** The list of an account of the test's own, with these on it. */
export async function ownList(written: readonly string[], visit: Visit = {}): Promise<Page> {
	const page = await open('/todo', { as: await newAccount('Ada'), ...visit });
	await page.getByRole('heading', { name: 'Ada’s list' }).waitFor();
	await add(page, ...written);
	return page;
}
