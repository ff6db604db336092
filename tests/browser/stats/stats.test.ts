import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open } from '../browser.ts';

const statisticsOf = (page: Page): Locator => page.getByRole('region', { name: 'Statistics' });
const heapOf = (page: Page): Locator => page.getByRole('textbox', { name: 'Numbers' });
const look = (page: Page): Promise<void> => page.getByRole('button', { name: 'Analyze' }).click();

const becomes = (element: Locator, text: string): Promise<void> => expect.poll(() => element.innerText()).toBe(text);
const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

/** Returns the message beside a field. */
const saidOf = (field: Locator): Promise<string | undefined> =>
	field.evaluate((node) => document.getElementById(node.getAttribute('aria-describedby') ?? '')?.textContent);

/** Returns a figure of the summary. */
const figure = (page: Page, term: string): Promise<string> =>
	statisticsOf(page).getByText(term, { exact: true }).locator('+ dd').innerText();

test('reads and shows decimal commas in French', async () => {
	const page = await open('/numbers', { locale: 'fr-FR' });
	const heap = page.getByRole('textbox', { name: 'Nombres' });
	await heap.fill('1,5; 2,5; x');
	await page.getByRole('button', { name: 'Examiner' }).click();
	await expect.poll(() => saidOf(heap)).toBe('Ligne 1, entrée 3 : « x » n’est pas un nombre.');
	await heap.fill('1,5; 2,5');
	await page.getByRole('button', { name: 'Examiner' }).click();
	await becomes(page.getByText('Moyenne', { exact: true }).locator('+ dd'), '2');
	expect(await page.getByText('Variance', { exact: true }).locator('+ dd').innerText()).toBe('0,25');
});

test('summarises pasted numbers, and draws a histogram', async () => {
	const page = await open('/numbers');
	await heapOf(page).fill('1 2, 2\n3 7');
	await look(page);
	await statisticsOf(page)
		.getByRole('img', { name: /^Histogram of \d+ bins; the fullest has \d+ numbers\.$/ })
		.waitFor();
	for (const [term, value] of [
		['Count', '5'],
		['Mean', '3'],
		['Median', '2'],
		['Variance', '4.4'],
		['Minimum', '1'],
		['Maximum', '7'],
	] as const)
		expect([term, await figure(page, term)]).toEqual([term, value]);
	await page.getByText('As a table').click();
	const counts = await page.getByRole('table').getByRole('row').locator('td:last-child').allInnerTexts();
	expect(counts.map(Number).reduce((sum, count) => sum + count)).toBe(5);

	await page.getByRole('radio', { name: 'A sample' }).check();
	await look(page);
	await becomes(statisticsOf(page).getByText('Variance', { exact: true }).locator('+ dd'), '5.5');
});

function selectionIsSeen(node: Node): boolean {
	const { value, selectionStart, scrollTop, clientHeight } = node as HTMLTextAreaElement;
	const line = Number.parseFloat(getComputedStyle(node as Element).lineHeight);
	const bottom = value.slice(0, selectionStart).split('\n').length * line;
	return scrollTop <= bottom && bottom <= scrollTop + clientHeight;
}

test('names and selects the first entry that is not a number, and counts the others', async () => {
	const page = await open('/numbers');
	const numbers = Array.from({ length: 300 }, (_, row) => `${row}`).join('\n');
	await heapOf(page).fill(`${numbers}\n7 n/a 8\n9 none\nnull\n${numbers}`);
	await look(page);
	await expect
		.poll(() => saidOf(heapOf(page)))
		.toBe('Line 301, entry 2: “n/a” is not a number. 2 more entries are invalid too.');
	expect(await heapOf(page).getAttribute('aria-invalid')).toBe('true');
	expect(await isFocused(heapOf(page))).toBe(true);
	expect(await heapOf(page).evaluate(selectionIsSeen)).toBe(true);
	// Typing replaces the selected entry.
	await page.keyboard.type('7.5');
	expect(await heapOf(page).inputValue()).toBe(`${numbers}\n7 7.5 8\n9 none\nnull\n${numbers}`);
	await look(page);
	await expect
		.poll(() => saidOf(heapOf(page)))
		.toMatch(/^Line 302, entry 2: “none” .* One more entry is invalid too\.$/);
	await heapOf(page).fill('none');
	await look(page);
	await expect.poll(() => saidOf(heapOf(page))).toBe('Line 1, entry 1: “none” is not a number.');
});

test('rejects too few numbers without sending a request', async () => {
	const page = await open('/numbers');
	let asked = 0;
	page.on('request', (request) => {
		if (request.url().includes('/api/stats/')) asked += 1;
	});
	await look(page);
	await expect.poll(() => saidOf(heapOf(page))).toBe('Enter at least one number.');
	await heapOf(page).fill('5');
	await page.getByRole('radio', { name: 'A sample' }).check();
	await look(page);
	await expect.poll(() => saidOf(heapOf(page))).toBe('A sample needs at least two numbers.');
	expect(asked).toBe(0);
	// A whole population can be a single number.
	await page.getByRole('radio', { name: 'All of them' }).check();
	await look(page);
	await becomes(statisticsOf(page).getByText('Standard deviation', { exact: true }).locator('+ dd'), '0');
});

test('reads numbers from a file that is chosen, chosen again or dropped', async () => {
	const page = await open('/numbers');
	const choose = (text: string): Promise<void> =>
		page
			.getByLabel('From a file')
			.setInputFiles({ name: 'prices.csv', mimeType: 'text/csv', buffer: Buffer.from(text, 'utf8') });
	const holds = (text: string): Promise<void> => expect.poll(() => heapOf(page).inputValue()).toBe(text);
	await choose('\uFEFF1\r\n2\r\nx\r\n');
	await holds('1\n2\nx\n');
	await look(page);
	await expect.poll(() => saidOf(heapOf(page))).toBe('Line 3, entry 1: “x” is not a number.');
	await page.keyboard.type('3');
	await holds('1\n2\n3\n');
	await choose('1\r\n2\r\n6\r\n');
	await holds('1\n2\n6\n');
	await look(page);
	await becomes(statisticsOf(page).getByText('Mean', { exact: true }).locator('+ dd'), '3');

	const dataTransfer = await page.evaluateHandle(() => {
		const transfer = new DataTransfer();
		transfer.items.add(new File(['10 20 60'], 'heap.txt', { type: 'text/plain' }));
		return transfer;
	});
	await heapOf(page).dispatchEvent('drop', { dataTransfer });
	await holds('10 20 60');
	await look(page);
	await becomes(statisticsOf(page).getByText('Mean', { exact: true }).locator('+ dd'), '30');
});
