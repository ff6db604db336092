import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { newAccount, open } from '../browser.ts';

test('refuses a visitor who is not an admin, without requesting dead letters', async () => {
	const asked: string[] = [];
	const look = async (options?: Parameters<typeof open>[1]): Promise<Page> => {
		const page = await open('/', options);
		page.on('request', (request) => asked.push(new URL(request.url()).pathname));
		await page.goto('/dead-letters');
		return page;
	};
	const way = (await look()).getByRole('main').getByRole('link', { name: 'Sign in as an admin' });
	await way.waitFor();
	expect(await way.getAttribute('href')).toBe(`/sign-in?to=${encodeURIComponent('/dead-letters')}`);
	const page = await look({ as: await newAccount('Grace Hopper') });
	await page.getByText('Grace Hopper is not an admin').waitFor();
	expect(asked).not.toContain('/api/dead-letters');
});
