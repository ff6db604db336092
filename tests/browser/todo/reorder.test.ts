import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { answered, becomes, filterOf, handleOf, ownList, rowOf, tick } from './todo-list.ts';

const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

test('reorders the list by dragging', async () => {
	const page = await ownList(['One', 'Two', 'Three', 'Four']);
	await page.setViewportSize({ width: 1280, height: 1000 });
	/** Drags a row by its handle, and holds it over another. */
	const hold = async (title: string, over: string): Promise<void> => {
		const [from, to] = [await handleOf(page, title).boundingBox(), await rowOf(page, over).boundingBox()];
		if (!from || !to) throw new Error('found no rows to drag');
		await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
		await page.mouse.down();
		await page.mouse.move(from.x, to.y + to.height / 2, { steps: 8 });
	};
	let saved = answered(page, 'PATCH');
	await hold('One', 'Three');
	await page.mouse.up();
	await becomes(page, 'Two', 'Three', 'One', 'Four');
	await saved;
	// Dragging also works from the window’s edge, where it can scroll the page.
	const last = await rowOf(page, 'Four').boundingBox();
	await page.setViewportSize({ width: 1280, height: Math.ceil((last?.y ?? 0) + (last?.height ?? 0)) });
	saved = answered(page, 'PATCH');
	await hold('Four', 'Two');
	await page.mouse.up();
	await becomes(page, 'Four', 'Two', 'Three', 'One');
	await saved;
	// Escape puts the row back in its place.
	await hold('Four', 'One');
	await page.keyboard.press('Escape');
	await page.mouse.up();
	await becomes(page, 'Four', 'Two', 'Three', 'One');
	await page.reload();
	await becomes(page, 'Four', 'Two', 'Three', 'One');
});

test('reorders the list by keyboard', async () => {
	const page = await ownList(['One', 'Two', 'Three', 'Four']);
	const handle = handleOf(page, 'One');
	const press = async (key: string, said: string, ...wanted: string[]): Promise<void> => {
		const saved = answered(page, 'PATCH');
		await page.keyboard.press(key);
		await becomes(page, ...wanted);
		await page.getByText(said, { exact: true }).waitFor({ state: 'attached' });
		expect(await isFocused(handle)).toBe(true);
		await saved;
	};
	await handle.focus();
	await press('ArrowDown', 'Moved to 2 of 4', 'Two', 'One', 'Three', 'Four');
	await press('End', 'Moved to 4 of 4', 'Two', 'Three', 'Four', 'One');
	await press('ArrowUp', 'Moved to 3 of 4', 'Two', 'Three', 'One', 'Four');
	await press('Home', 'Moved to 1 of 4', 'One', 'Two', 'Three', 'Four');
	await tick(page, 'Two');
	await filterOf(page, /^Pending/).click();
	await becomes(page, 'One', 'Three', 'Four');
	await handle.focus();
	await press('ArrowDown', 'Moved to 2 of 3', 'Three', 'One', 'Four');
	await filterOf(page, /^All/).click();
	await page.reload();
	await becomes(page, 'Two', 'Three', 'One', 'Four');
});
