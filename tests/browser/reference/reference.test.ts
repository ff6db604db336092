import { expect, test } from 'vitest';
import { newAccount, open } from '../browser.ts';

test('the API reference has the page’s frame, and tries an operation with the page’s session', async () => {
	const page = await open('/functions', { as: await newAccount('Ada Lovelace') });
	const asked: string[] = [];
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await page.getByRole('navigation').getByRole('link', { name: 'API', exact: true }).click();
	await page.getByRole('heading', { level: 1, name: 'API reference' }).waitFor();
	await page.getByRole('banner').getByText('Ada Lovelace').waitFor();
	await page.getByLabel('Path or effect').fill('get /api/users/me');
	await page.locator('#getMe > summary').click();
	await page.getByRole('button', { name: 'Send GET' }).click();
	await page.getByText('"name": "Ada Lovelace"').waitFor();
	expect(asked).toContain('/api/openapi.json');
});
