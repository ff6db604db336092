import { expect, test } from 'vitest';
import { answers, open } from '../browser.ts';

test('every screen has an address, and back and forward lead between them', async () => {
	const page = await open('/');
	await page.getByRole('link', { name: 'To-do' }).click();
	await page.getByRole('heading', { level: 1, name: 'To-do' }).waitFor();
	expect(new URL(page.url()).pathname).toBe('/todo');
	await page.getByRole('link', { name: 'Functions', exact: true }).click();
	await page.waitForURL('**/functions');
	await page.goBack();
	await page.getByRole('heading', { level: 1, name: 'To-do' }).waitFor();
	await page.goForward();
	await page.getByRole('heading', { level: 1, name: 'Functions' }).waitFor();
	// The screen that one has gone to is where the keyboard is.
	expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Functions');
	await page.reload();
	await page.getByRole('heading', { level: 1, name: 'Functions' }).waitFor();
	expect(await page.title()).toBe('Functions · Bodega');
});

test('where there is no screen, the page says so and the answer is 404', async () => {
	const page = await open('/nowhere', { noise: answers(404) });
	await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
	await page.getByRole('main').getByRole('link').click();
	await page.getByRole('heading', { level: 1, name: 'Books' }).waitFor();
});

test('the language and the theme are chosen, and kept', async () => {
	const page = await open('/', { colorScheme: 'light' });
	await page.getByRole('button', { name: 'Français' }).click();
	await page.getByRole('heading', { level: 1, name: 'Livres' }).waitFor();
	await page.getByRole('button', { name: 'Sombre' }).click();
	const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	expect(await background()).toBe('rgb(26, 18, 13)');
	await page.reload();
	await page.getByRole('heading', { level: 1, name: 'Livres' }).waitFor();
	expect(await background()).toBe('rgb(26, 18, 13)');
	expect(await page.evaluate(() => document.documentElement.lang)).toBe('fr');
});

test('a French browser is spoken to in French', async () => {
	const page = await open('/', { locale: 'fr-CA' });
	await page.getByRole('heading', { level: 1, name: 'Livres' }).waitFor();
});

test('a lost connection is shown, and recovers', async () => {
	const page = await open('/', { noise: /net::ERR_/ });
	await page.getByText('functions up').waitFor();
	await page.context().setOffline(true);
	await page.getByText('Can’t reach the shop. This page keeps trying').waitFor();
	await page.context().setOffline(false);
	await page.getByText('Can’t reach the shop. This page keeps trying').waitFor({ state: 'hidden' });
});
