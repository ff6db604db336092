import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { visit } from '../../acceptance/setup/visitor.ts';
import { answers, expire, newAccount, open } from '../browser.ts';

test('refreshes an expired access token without losing an item', async () => {
	const page = await open('/todo', { as: await newAccount('Ada'), noise: answers(401) });
	await page.getByText('Nothing to do.').waitFor();
	const told: string[] = [];
	page.on('response', (response) => {
		const { pathname } = new URL(response.url());
		if (response.request().method() === 'POST') told.push(`${pathname} ${response.status()}`);
	});
	await expire(page, '/api/todo');
	await page.getByLabel('What needs doing?').fill('Dust the shelves');
	await page.keyboard.press('Enter');
	await page.getByRole('checkbox', { name: 'Dust the shelves', disabled: false }).waitFor();
	expect(told).toEqual(['/api/todo 401', '/api/users/session/refresh 200', '/api/todo 201']);
	await page.getByRole('banner').getByText('Ada').waitFor();
});

test('does not add an item for the user’s own list to the shared list after the session has ended', async () => {
	const page = await open('/todo', { as: await newAccount('Ada'), noise: answers(401) });
	await page.getByText('Nothing to do.').waitFor();
	// As if the user had signed out on another device.
	await page.context().request.delete('/api/users/session');
	await expire(page, '/api/todo');
	const secret = `For my eyes only ${randomUUID()}`;
	const field = page.getByLabel('What needs doing?');
	await field.fill(secret);
	await field.press('Enter');
	await page.getByText('Your change could not be saved and was undone.').waitFor();
	await page.getByText('The session has ended. Sign in again, then do this once more.').waitFor();
	await page.getByRole('heading', { name: 'The shared list' }).waitFor();
	await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
	await expect.poll(() => field.inputValue()).toBe(secret);
	const { text } = await visit('gateway', '/api/todo?limit=1000');
	expect(text).not.toContain(secret);
});
