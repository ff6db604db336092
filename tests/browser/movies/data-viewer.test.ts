import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { asAdmin, post } from '../../acceptance/setup/visitor.ts';
import { open } from '../browser.ts';

test('distinguishes empty and long texts', async () => {
	const mark = randomUUID().slice(0, 8);
	const description = `${'A city above. '.repeat(10)}The end of ${mark}.`;
	await post('/api/movies', { title: `Silent ${mark}` }, asAdmin);
	await post('/api/movies', { title: `Talking ${mark}`, description }, asAdmin);
	const page = await open(`/admin/data/movies.movies?filter=title:contains:${mark}&sort=title`, { as: 'admin' });
	const row = (title: string) => page.getByRole('row').filter({ hasText: `${title} ${mark}` });
	await row('Silent').getByText('empty').waitFor();
	await row('Talking').getByRole('button').click();
	expect(await page.getByRole('dialog', { name: 'description' }).locator('pre').textContent()).toBe(description);
});
