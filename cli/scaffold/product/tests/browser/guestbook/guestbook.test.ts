import { randomUUID } from 'node:crypto';
import { test } from 'vitest';
import { open } from '../browser.ts';

test('shows an entry, and the thanks for it', async () => {
	const page = await open('/guestbook');
	const name = `Ada ${randomUUID().slice(0, 8)}`;
	await page.getByLabel('Your name').fill(name);
	await page.getByLabel('Your line').fill('I shall come again.');
	await page.getByRole('button', { name: 'Sign' }).click();
	await page.getByText(`Thank you, ${name}!`).waitFor();
});
