import { onTestFinished, test } from 'vitest';
import { brokenDatabase, faults } from '../../acceptance/visitor.ts';
import { patience } from '../../patience.ts';
import { answers, open } from '../browser.ts';
import { ownBook } from '../stock.ts';

/** A new instance tries for ten seconds to reach its database, and says only then that it is away. In milliseconds. */
const timeout = patience + 10_000;

/** Takes its database from books, until what it answers with is called. */
async function breakBooks(): Promise<() => Promise<void>> {
	await faults.setEnvironment('books', brokenDatabase);
	const mend = (): Promise<void> => faults.setEnvironment('books', {});
	onTestFinished(mend);
	return mend;
}

test('while books is away the shelf says so, and fills by itself', async () => {
	const mend = await breakBooks();
	const page = await open('/', { noise: answers(503) });
	await page.getByText('This is tried again by itself.').first().waitFor({ timeout });
	await mend();
	await page.getByRole('article').first().waitFor();
	await page.getByText('This is tried again by itself.').waitFor({ state: 'detached' });
});

test('an order that books is away for is tried again, and placed when it is back', async () => {
	const book = await ownBook(5);
	const page = await open(book.path, { noise: answers(503) });
	await page.getByLabel('Your name').fill('Ada');
	const card = page.getByRole('article', { name: book.title });
	await card.waitFor();
	const mend = await breakBooks();
	await card.getByRole('button', { name: /Order/ }).click();
	await card.getByText('This is tried again by itself.').waitFor({ timeout });
	await mend();
	await card.getByText('is on the roll').waitFor();
});
