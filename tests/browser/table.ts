import type { Page } from 'playwright-core';

/** Returns the texts of the cells of all shown rows, and times as the API sends them. */
export const rowsOf = (page: Page): Promise<string[][]> =>
	page
		.locator('tbody tr')
		.evaluateAll((rows) =>
			rows.map((row) =>
				[...row.children].map((cell) => cell.querySelector('time')?.dateTime ?? cell.textContent ?? ''),
			),
		);

export async function addFilter(page: Page, column: string, condition: string, value: string): Promise<void> {
	const filters = page.getByRole('region', { name: 'Filters' });
	await filters.getByLabel('Column').selectOption(column);
	await filters.getByLabel('Condition').selectOption({ label: condition });
	await filters.getByLabel('Value').fill(value);
	await filters.getByRole('button', { name: 'Add filter' }).click();
}
