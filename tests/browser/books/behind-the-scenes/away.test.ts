import { test } from 'vitest';
import { breakFunction } from '../../../acceptance/setup/visitor.ts';
import { answers, open } from '../../browser.ts';
import { ownBook } from '../../orders/stock.ts';

test('the shelf says that books is down, and fills when books is back', async () => {
	const mend = await breakFunction('books');
	const page = await open('/', { noise: answers(503) });
	await page.getByText('Trying again shortly.').first().waitFor();
	await mend();
	await page.getByRole('article').first().waitFor();
	await page.getByText('Trying again shortly.').waitFor({ state: 'detached' });
});

test('retries an order while books is down, and places it when books is back', async () => {
	const book = await ownBook(5);
	const page = await open(book.path, { noise: answers(503) });
	await page.getByLabel('Your name').fill('Ada');
	const card = page.getByRole('article', { name: book.title });
	await card.waitFor();
	const mend = await breakFunction('books');
	await card.getByRole('button', { name: /Order/ }).click();
	await card.getByText('Trying again shortly.').waitFor();
	await mend();
	await card.getByText('placed.').waitFor();
});
