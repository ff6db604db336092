import { randomUUID } from 'node:crypto';
import type { Locator } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { post, visit } from '../../acceptance/setup/visitor.ts';
import { answers, type Credentials, newAccount, open, origin } from '../browser.ts';
import { add, answered, becomes, field, filterOf, ownList, rowOf, tick, titles } from './todo-list.ts';

const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

async function bearing(credentials: Credentials): Promise<{ authorization: string }> {
	const { json } = await post('/api/users/session', credentials);
	return { authorization: `Bearer ${json.access_token}` };
}

test('adds, ticks, unticks and renames items', async () => {
	const page = await ownList([]);
	await page.getByText('Nothing to do. Add the first to-do.').waitFor();
	await field(page).press('Enter');
	await page.getByText('Write down what needs doing.').waitFor();
	await add(page, 'Dust the shelves', 'Water the fern');
	expect(await isFocused(field(page))).toBe(true);

	const row = rowOf(page, 'Dust the shelves');
	await row.getByText('Pending', { exact: true }).waitFor();
	let saved = answered(page, 'PATCH');
	await row.getByRole('checkbox').check();
	await row.getByText('Done', { exact: true }).waitFor();
	await saved;
	await page.reload();
	await row.getByText('Done', { exact: true }).waitFor();
	saved = answered(page, 'PATCH');
	await row.getByRole('checkbox').uncheck();
	await row.getByText('Pending', { exact: true }).waitFor();
	expect((await (await saved).json()).status).toBe('Pending');

	await row.getByRole('button', { name: 'Rename' }).click();
	const title = page.getByRole('textbox', { name: 'New title' });
	await title.fill('Dust the ladder');
	await title.press('Escape');
	await becomes(page, 'Dust the shelves', 'Water the fern');
	// A double click on the title also starts to rename it.
	await row.getByRole('paragraph').dblclick();
	saved = answered(page, 'PATCH');
	await title.fill('Dust the counter');
	await title.press('Enter');
	await becomes(page, 'Dust the counter', 'Water the fern');
	const again = rowOf(page, 'Dust the counter').getByRole('button', { name: 'Rename' });
	expect(await isFocused(again)).toBe(true);
	await saved;
	await page.reload();
	await becomes(page, 'Dust the counter', 'Water the fern');
});

test('filters the list, and stores the filter in the URL', async () => {
	const page = await ownList(['One', 'Two', 'Three']);
	await tick(page, 'Two');
	await filterOf(page, /^Done 1$/).click();
	await becomes(page, 'Two');
	expect(new URL(page.url()).search).toBe('?show=done');
	await filterOf(page, /^Pending 2$/).click();
	await becomes(page, 'One', 'Three');
	const saved = answered(page, 'PATCH');
	await rowOf(page, 'One').getByRole('checkbox').press('Space');
	// A ticked item leaves the list, and the next item has the focus.
	await becomes(page, 'Three');
	expect(await isFocused(rowOf(page, 'Three').getByRole('checkbox'))).toBe(true);
	await saved;
	await page.reload();
	await becomes(page, 'Three');
	await page.goBack();
	await becomes(page, 'One', 'Two');
	await filterOf(page, /^All 3$/).click();
	await becomes(page, 'One', 'Two', 'Three');
	expect(new URL(page.url()).search).toBe('');
});

test('restores a deleted item to its place, by a button or by a key', async () => {
	const page = await ownList(['One', 'Two', 'Three']);
	let deleted = 0;
	page.on('request', (request) => {
		if (request.method() === 'DELETE') deleted += 1;
	});
	const removeTwo = rowOf(page, 'Two').getByRole('button', { name: 'Delete' });
	await removeTwo.click();
	await becomes(page, 'One', 'Three');
	await page.locator('.toast').getByText('“Two” is deleted.').waitFor();
	expect(await isFocused(rowOf(page, 'Three').getByRole('button', { name: 'Delete' }))).toBe(true);
	await page.getByRole('button', { name: 'Undo' }).click();
	await becomes(page, 'One', 'Two', 'Three');
	expect(await isFocused(removeTwo)).toBe(true);
	await page.keyboard.press('Enter');
	await becomes(page, 'One', 'Three');
	await page.keyboard.press('Control+z');
	await becomes(page, 'One', 'Two', 'Three');
	await page.locator('.toast').waitFor({ state: 'detached' });
	expect(deleted).toBe(0);
});

test('deletes an item permanently at the next deletion, on leaving the screen, or after a while', async () => {
	const page = await ownList(['One', 'Two', 'Three']);
	await rowOf(page, 'One').getByRole('button', { name: 'Delete' }).click();
	let gone = answered(page, 'DELETE');
	await rowOf(page, 'Two').getByRole('button', { name: 'Delete' }).click();
	expect((await gone).status()).toBe(204);
	await becomes(page, 'Three');
	// An item is not deleted if the page is closed first.
	await page.reload();
	await becomes(page, 'Two', 'Three');
	await rowOf(page, 'Two').getByRole('button', { name: 'Delete' }).click();
	gone = answered(page, 'DELETE');
	await page.getByRole('link', { name: 'Map' }).click();
	expect((await gone).status()).toBe(204);
	await page.goBack();
	await becomes(page, 'Three');
	await page.clock.install();
	await rowOf(page, 'Three').getByRole('button', { name: 'Delete' }).click();
	gone = answered(page, 'DELETE');
	await page.mouse.move(0, 0);
	await page.clock.fastForward(8_000);
	expect((await gone).status()).toBe(204);
	await page.locator('.toast').waitFor({ state: 'detached' });
});

test('deletes all done items after a confirmation', async () => {
	const page = await ownList(['One', 'Two', 'Three']);
	const clear = page.getByRole('button', { name: /^Clear done/ });
	expect(await clear.count()).toBe(0);
	for (const title of ['One', 'Three']) await tick(page, title);
	const dialog = page.getByRole('dialog', { name: 'Delete the 2 completed to-dos?' });
	await clear.click();
	await dialog.getByRole('button', { name: 'Cancel' }).click();
	await becomes(page, 'One', 'Two', 'Three');
	await clear.click();
	const gone = answered(page, 'DELETE');
	await dialog.getByRole('button', { name: 'Delete' }).click();
	await becomes(page, 'Two');
	expect((await (await gone).json()).deleted).toBe(2);
	await clear.waitFor({ state: 'detached' });
	await page.reload();
	await becomes(page, 'Two');
});

test('a signed-in user has their own list, and strangers share one', async () => {
	const shared = `For everyone ${randomUUID()}`;
	const stranger = await open('/todo');
	await stranger.getByRole('heading', { name: 'The shared list' }).waitFor();
	onTestFinished(async () => {
		const { json } = await visit('gateway', '/api/todo?limit=1000');
		for (const { id, title } of json)
			if (title === shared) await visit('gateway', `/api/todo/${id}`, { method: 'DELETE' });
	});
	await add(stranger, shared);
	// Signing out makes the browser log an answer of 401.
	const ada = await ownList(['Mine alone'], { noise: answers(401) });
	await becomes(ada, 'Mine alone');
	const other = await open('/todo');
	const more = other.getByRole('button', { name: 'Show more' });
	await other.locator('.todo').first().waitFor();
	while (await more.isVisible()) await more.click();
	expect((await titles(other)).filter((title) => [shared, 'Mine alone'].includes(title))).toEqual([shared]);

	await ada.getByRole('banner').getByRole('button', { name: 'Ada' }).click();
	await ada.getByRole('button', { name: 'Sign out' }).click();
	await ada.waitForURL(`${origin}/`);
	await ada.getByRole('link', { name: 'Today' }).click();
	await ada.getByRole('heading', { name: 'The shared list' }).waitFor();
	await ada.locator('.todo').first().waitFor();
	expect(await titles(ada)).not.toContain('Mine alone');
});

test('reverts a change that the shop rejects', async () => {
	const account = await newAccount('Ada');
	const page = await open('/todo', { as: account, noise: answers(404) });
	await add(page, 'One', 'Two');
	const headers = await bearing(account);
	const { json } = await visit('gateway', '/api/todo', { headers });
	await visit('gateway', `/api/todo/${json[0].id}`, { method: 'DELETE', headers });
	await rowOf(page, 'One').getByRole('checkbox').click();
	await page.getByText('Your change could not be saved and was undone.').waitFor();
	// The list then shows the reason: the item is gone.
	await becomes(page, 'Two');
});

test('keeps an item that is added before the list has loaded', async () => {
	const page = await open('/functions', { as: await newAccount('Ada') });
	// The first request finds an empty list, and its answer is delayed.
	const looked = Promise.withResolvers<void>();
	const held = Promise.withResolvers<void>();
	let count = 0;
	await page.route('**/api/todo?*', async (route) => {
		count += 1;
		if (count > 1) return await route.continue();
		const request = route.request();
		const { authorization = '' } = request.headers();
		const path = request.url().slice(origin.length);
		const { text } = await visit('gateway', path, { headers: { authorization } });
		looked.resolve();
		await held.promise;
		// The page can have cancelled the request by then.
		await route.fulfill({ contentType: 'application/json', body: text }).catch(() => {});
	});
	await page.goto('/todo');
	await looked.promise;
	const added = answered(page, 'POST');
	await field(page).fill('One');
	await field(page).press('Enter');
	expect((await added).status()).toBe(201);
	held.resolve();
	await becomes(page, 'One');
});

test('shows an item that is added to a long list', async () => {
	const account = await newAccount('Ada');
	const headers = await bearing(account);
	for (let count = 0; count < 101; count += 1) await post('/api/todo', { title: `Line ${count}` }, headers);
	const page = await open('/todo', { as: account });
	await rowOf(page, 'Line 99').waitFor();
	expect((await titles(page)).length).toBe(100);
	await page.getByRole('button', { name: 'Show more' }).waitFor();
	await add(page, 'The last');
	expect((await titles(page)).slice(-2)).toEqual(['Line 100', 'The last']);
});
