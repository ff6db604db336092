import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { answers, open } from '../browser.ts';

const calculatorOf = (page: Page): Locator => page.getByRole('region', { name: 'Calculator' });

const becomes = (element: Locator, text: string): Promise<void> => expect.poll(() => element.innerText()).toBe(text);
const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

/** Returns the message beside a field. */
const saidOf = (field: Locator): Promise<string | undefined> =>
	field.evaluate((node) => document.getElementById(node.getAttribute('aria-describedby') ?? '')?.textContent);

test('calculates exactly where floating point would round', async () => {
	const page = await open('/numbers');
	const calculator = calculatorOf(page);
	const display = calculator.getByRole('status', { name: 'Result' });
	await calculator.getByLabel('First number').fill('0.1');
	await calculator.getByLabel('Second number').fill('0.2');
	await calculator.getByRole('button', { name: 'Calculate' }).click();
	await becomes(display, '0.3');
	await calculator.getByRole('radio', { name: 'times' }).check();
	await calculator.getByLabel('First number').fill('12345678901234567890');
	await calculator.getByLabel('Second number').fill('10.1');
	await calculator.getByRole('button', { name: 'Calculate' }).click();
	await becomes(display, '124691356902469135689');
	const roll = calculator.getByRole('list', { name: 'Results so far' });
	expect(await roll.getByRole('listitem').allInnerTexts()).toEqual([
		expect.stringMatching(/^12345678901234567890 × 10.1 =\s+124691356902469135689$/),
		expect.stringMatching(/^0.1 \+ 0.2 =\s+0.3$/),
	]);
	// A click on a result makes it the first number.
	await roll.getByRole('button', { name: '0.3' }).click();
	expect(await calculator.getByLabel('First number').inputValue()).toBe('0.3');
	expect(await isFocused(calculator.getByLabel('Second number'))).toBe(true);
});

test('the calculator works by keyboard alone', async () => {
	const page = await open('/numbers');
	const display = calculatorOf(page).getByRole('status', { name: 'Result' });
	await page.getByLabel('First number').focus();
	// One of these minus signs is the operator; the others belong to the numbers.
	await page.keyboard.type('-5e-0--3');
	await page.keyboard.press('Enter');
	await becomes(display, '−2');
	await page.keyboard.type('*8');
	await page.keyboard.press('Enter');
	await becomes(display, '−16');
	expect(await page.getByLabel('First number').inputValue()).toBe('−2');
	expect(await page.getByRole('radio', { name: 'times' }).isChecked()).toBe(true);
	await page.keyboard.type('/2.5e-1');
	await page.keyboard.press('Enter');
	await becomes(display, '−64');
});

test('reports at its field a number that cannot be used', async () => {
	const page = await open('/numbers', { noise: answers(422) });
	const [first, second] = [page.getByLabel('First number'), page.getByLabel('Second number')];
	await first.fill('1');
	await page.getByRole('radio', { name: 'divided by' }).check();
	await second.fill('0.0');
	await second.press('Enter');
	await expect.poll(() => saidOf(second)).toBe('You can’t divide by zero.');
	expect(await second.getAttribute('aria-invalid')).toBe('true');
	expect(await isFocused(second)).toBe(true);
	await second.fill('4');
	await second.press('Enter');
	await becomes(calculatorOf(page).getByRole('status', { name: 'Result' }), '0.25');
	expect(await second.getAttribute('aria-invalid')).toBeNull();
	await first.fill('');
	await second.press('Enter');
	await expect.poll(() => saidOf(first)).toBe('Enter a number.');
	expect(await isFocused(first)).toBe(true);
});

test('reads and shows decimal commas in French', async () => {
	const page = await open('/numbers', { locale: 'fr-FR' });
	await page.getByLabel('Premier nombre').fill('1 234,5');
	await page.getByLabel('Second nombre').fill('0,1');
	await page.getByLabel('Second nombre').press('Enter');
	await becomes(page.getByRole('status', { name: 'Résultat' }), '1234,6');
});
