import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';

/** Returns a title that no other test uses. */
export const ownTitle = (): string => `The office ${randomUUID().slice(0, 8)}`;

/** The row of a table that contains a text. */
export const rowOf = (page: Page, text: string): Locator => page.getByRole('row').filter({ hasText: text });

export async function fillIn(form: Locator, fields: Readonly<Record<string, string>>): Promise<void> {
	for (const [label, value] of Object.entries(fields)) await form.getByLabel(label).fill(value);
}

/** Returns the label of the focused element, or its text if it has no label. */
export const focused = (page: Page) =>
	page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent?.trim());
