import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { target } from '../../acceptance/setup/visitor.ts';
import { answers, open } from '../browser.ts';

/** The laptop's provider is a stand-in; the cluster's is the real one, if there is a way to the internet. */
const noise = target === 'local' ? answers(404) : answers(404, 503);

const weatherOf = (page: Page): Locator => page.getByRole('region', { name: 'Weather' });
const cityField = (page: Page): Locator => page.getByRole('searchbox', { name: 'City' });
const cityOf = (page: Page): string | null => new URL(page.url()).searchParams.get('city');

/** Whether what was waited for is there, and not only that the provider is away, which is seen to be told. */
async function isSeen(page: Page, wanted: Locator): Promise<boolean> {
	const away = weatherOf(page).getByText('Trying again shortly.');
	await (target === 'local' ? wanted : wanted.or(away)).waitFor();
	return await wanted.isVisible();
}

const paris = (page: Page): Locator => weatherOf(page).getByRole('heading', { level: 3, name: 'Paris France' });

test('the weather of a city is seen, with the days to come, and the address keeps the city', async () => {
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

test('a city that is not known is told so, and the way back leads to the one before', async () => {
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

test('the last city that was found is remembered, until none is wanted', async () => {
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

test('the weather is told in French', async () => {
	const page = await open('/todo?city=Paris', { noise, locale: 'fr-FR' });
	const weather = page.getByRole('region', { name: 'Météo' });
	const days = weather.getByRole('list', { name: 'Les prochains jours' });
	await (target === 'local' ? days : days.or(weather.getByText('Un nouvel essai suit'))).waitFor();
	if (await days.isVisible()) expect(await weather.innerText()).toMatch(/\d+(,\d)?\s°C[\s\S]*Humidité\s+\d+\s%/);
});
