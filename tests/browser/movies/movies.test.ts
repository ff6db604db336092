import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { asAdmin, post, visit } from '../../acceptance/setup/visitor.ts';
import { open } from '../browser.ts';

/** Adds a movie for one test, and deletes it when the test ends. */
async function ownMovie(title: string): Promise<void> {
	const { status, json } = await post('/api/movies', { title, description: 'Nobody has seen it.' }, asAdmin);
	expect(status).toBe(201);
	onTestFinished(async () => {
		await visit('gateway', `/api/movies/${json.id}`, { method: 'DELETE', headers: asAdmin });
	});
}

test('searches movies by a part of the title, and stores the search in the URL', async () => {
	const mark = randomUUID().slice(0, 8);
	await ownMovie(`L’Été ${mark}`);
	await ownMovie(`The other ${mark}`);
	const page = await open('/movies');
	const field = page.getByRole('searchbox', { name: 'Title' });
	await field.fill(`été ${mark}`);
	await page.waitForURL('**/movies?title=*');
	await page.getByText('1 movie', { exact: true }).waitFor();
	await page.getByRole('heading', { level: 3, name: `L’Été ${mark}` }).waitFor();
	await page.getByText('Nobody has seen it.').waitFor();
	await page.reload();
	await page.getByText('1 movie', { exact: true }).waitFor();
	expect(await field.inputValue()).toBe(`été ${mark}`);
	await field.fill(mark);
	await page.getByText('2 movies', { exact: true }).waitFor();
	const titles = () => page.getByRole('heading', { level: 3 }).allInnerTexts();
	await page.getByLabel('Sort by').selectOption('-title');
	await page.waitForURL('**sort=-title');
	const sorted = [`The other ${mark}`, `L’Été ${mark}`];
	// The style sheet writes the titles in capitals.
	await expect
		.poll(async () => (await titles()).map((title) => title.toLowerCase()))
		.toEqual(sorted.map((title) => title.toLowerCase()));
});

test('offers all movies when a search finds none', async () => {
	await ownMovie('One that is there');
	const page = await open('/movies?title=no+movie+is+called+so');
	await page.getByText('No results for “no movie is called so”.').waitFor();
	await page.getByRole('button', { name: 'Show all' }).click();
	await page.getByRole('heading', { level: 3 }).first().waitFor();
	expect(new URL(page.url()).search).toBe('');
	expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
});

test('loads more of a long list of movies', async () => {
	const mark = randomUUID().slice(0, 8);
	await Promise.all(Array.from({ length: 25 }, (_, part) => ownMovie(`Part ${part} of ${mark}`)));
	const page = await open(`/movies?title=${mark}`);
	await page.getByText('The first 24 movies').waitFor();
	await page.getByRole('button', { name: 'Show more' }).click();
	await page.getByText('25 movies', { exact: true }).waitFor();
});
