import { expect, test } from 'vitest';
import { answers, open } from '../browser.ts';
import { ownBook } from '../orders/stock.ts';
import { addFilter, rowsOf } from '../table.ts';

test('sorts and filters a table by numbers', async () => {
	const mark = `Ledger ${Date.now()}`;
	for (const stock of [20, 31, 100, 9]) await ownBook(stock, mark);
	const page = await open(`/admin/data/books.books?filter=title:contains:${mark}`, {
		as: 'admin',
		noise: answers(422),
	});
	const stocks = async () => (await rowsOf(page)).map((row) => row[4]);
	await expect.poll(stocks).toEqual(['20', '31', '100', '9']);
	await page
		.getByRole('columnheader', { name: /^stock/ })
		.getByRole('button')
		.click();
	await expect.poll(stocks).toEqual(['9', '20', '31', '100']);
	await addFilter(page, 'stock', '>', '30');
	await expect.poll(stocks).toEqual(['31', '100']);
	// The column's type is shown below its name.
	expect(await page.getByRole('columnheader', { name: /^price/ }).textContent()).toContain('numeric(10,2)');
	await addFilter(page, 'price', '>', 'cheap');
	await page.getByText('invalid input syntax for type numeric: "cheap"').waitFor();
});
