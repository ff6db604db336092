import { expect, test } from 'vitest';
import { answers, open, origin } from '../browser.ts';

test('every screen has its own URL, and back and forward move between screens', async () => {
	const page = await open('/');
	await page.getByRole('link', { name: 'Map' }).click();
	await page.getByRole('heading', { level: 1, name: 'Map' }).waitFor();
	expect(new URL(page.url()).pathname).toBe('/map');
	await page.getByRole('link', { name: 'Functions', exact: true }).click();
	await page.getByRole('heading', { level: 1, name: 'Functions' }).waitFor();
	expect(new URL(page.url()).pathname).toBe('/functions');
	await page.goBack();
	await page.getByRole('heading', { level: 1, name: 'Map' }).waitFor();
	await page.goForward();
	// The heading of the new screen has the keyboard focus.
	await page.locator('h1:focus', { hasText: 'Functions' }).waitFor();
	await page.reload();
	await page.getByRole('heading', { level: 1, name: 'Functions' }).waitFor();
	expect(await page.title()).toBe('Functions · Bodega');
});

test('an unknown URL answers 404, and the page says so', async () => {
	const page = await open('/nowhere', { noise: answers(404) });
	await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
	await page.getByRole('main').getByRole('link').click();
	await page.waitForURL(`${origin}/`);
	// The first screen in the navigation is the home page.
	const [home = ''] = await page.getByRole('navigation').getByRole('link').allInnerTexts();
	await page.getByRole('navigation').locator('[aria-current="page"]').getByText(home, { exact: true }).waitFor();
	await page.getByRole('heading', { level: 1, name: home, exact: true }).waitFor();
});

test('remembers the chosen language and theme', async () => {
	const page = await open('/functions', { colorScheme: 'light' });
	await page.getByRole('button', { name: 'Français' }).click();
	await page.getByRole('heading', { level: 1, name: 'Fonctions' }).waitFor();
	await page.getByRole('button', { name: 'Sombre' }).click();
	const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	expect(await background()).toBe('rgb(26, 18, 13)');
	await page.reload();
	await page.getByRole('heading', { level: 1, name: 'Fonctions' }).waitFor();
	expect(await background()).toBe('rgb(26, 18, 13)');
	expect(await page.evaluate(() => document.documentElement.lang)).toBe('fr');
});

test('shows the page in French to a French browser', async () => {
	const page = await open('/functions', { locale: 'fr-CA' });
	await page.getByRole('heading', { level: 1, name: 'Fonctions' }).waitFor();
});

test('shows that the connection is lost, and recovers', async () => {
	const page = await open('/', { noise: /net::ERR_/ });
	await page.getByText('functions up').waitFor();
	await page.context().setOffline(true);
	await page.getByText('Can’t reach the shop. This page keeps trying').waitFor();
	await page.context().setOffline(false);
	await page.getByText('Can’t reach the shop. This page keeps trying').waitFor({ state: 'hidden' });
});
