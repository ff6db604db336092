import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { target } from '../../acceptance/setup/visitor.ts';
import { answers, open } from '../browser.ts';

/** The laptop uses a stand-in for the provider. A cluster uses the real one, which can be out of reach. */
const noise = target === 'local' ? answers(404) : answers(404, 503);

const weatherOf = (page: Page): Locator => page.getByRole('region', { name: 'Weather' });
const cityField = (page: Page): Locator => page.getByRole('searchbox', { name: 'City' });
const cityOf = (page: Page): string | null => new URL(page.url()).searchParams.get('city');

/** Waits for an element, or for the message that the provider is out of reach; returns whether the element is visible. */
async function isSeen(page: Page, wanted: Locator): Promise<boolean> {
	const away = weatherOf(page).getByText('Trying again shortly.');
	await (target === 'local' ? wanted : wanted.or(away)).waitFor();
	return await wanted.isVisible();
}

const paris = (page: Page): Locator => weatherOf(page).getByRole('heading', { level: 3, name: 'Paris France' });

test('shows the weather and the forecast of a city, and stores the city in the URL', async () => {
	const page = await open('/todo?show=done', { noise });
	await weatherOf(page).getByText('Enter a city to see its weather.').waitFor();
	await cityField(page).fill(' paris ');
	await cityField(page).press('Enter');
	await page.waitForURL('**/todo?show=done&city=paris');
	if (!(await isSeen(page, paris(page)))) return;
	const told = await weatherOf(page).innerText();
	for (const figure of [/-?[\d.]+°C/, /Humidity\s+\d+%/, /Wind\s+\d+ km\/h/, /As of .*\d/])
		expect(told).toMatch(figure);
	const days = weatherOf(page).getByRole('list', { name: 'The next days' }).getByRole('listitem');
	expect(await days.count()).toBe(5);
	for (const day of await days.allTextContents()) {
		expect(day).toMatch(/highest -?\d+°, lowest\s+-?\d+°$/);
		expect(day).not.toMatch(/-0°/);
	}
	await page.reload();
	await paris(page).waitFor();
	expect(await cityField(page).inputValue()).toBe('paris');
});

test('reports an unknown city, and going back shows the city before', async () => {
	const page = await open('/todo?city=Paris', { noise });
	const isThere = await isSeen(page, paris(page));
	const nowhere = `Nowhere ${randomUUID()}`;
	await cityField(page).fill(nowhere);
	await page.getByRole('button', { name: 'Show', exact: true }).click();
	await expect.poll(() => cityOf(page)).toBe(nowhere);
	await isSeen(page, weatherOf(page).getByText(`No city “${nowhere}” found.`));
	await page.goBack();
	await expect.poll(() => cityField(page).inputValue()).toBe('Paris');
	if (isThere) await paris(page).waitFor();
});

test('remembers the last city that was found, until the field is emptied', async () => {
	const page = await open('/todo?city=Paris', { noise });
	if (!(await isSeen(page, paris(page)))) return;
	await page.goto(`/todo?city=${randomUUID()}`);
	await weatherOf(page).getByText('found. Check the spelling').waitFor();
	await page.goto('/todo');
	await paris(page).waitFor();
	expect(await cityField(page).inputValue()).toBe('Paris');
	await cityField(page).fill('');
	await page.getByRole('button', { name: 'Show', exact: true }).click();
	await weatherOf(page).getByText('Enter a city').waitFor();
	await page.reload();
	await weatherOf(page).getByText('Enter a city').waitFor();
});

test('shows the weather in French', async () => {
	const page = await open('/todo?city=Paris', { noise, locale: 'fr-FR' });
	const weather = page.getByRole('region', { name: 'Météo' });
	const days = weather.getByRole('list', { name: 'Les prochains jours' });
	await (target === 'local' ? days : days.or(weather.getByText('Un nouvel essai suit'))).waitFor();
	if (await days.isVisible()) expect(await weather.innerText()).toMatch(/\d+(,\d)?\s°C[\s\S]*Humidité\s+\d+\s%/);
});
