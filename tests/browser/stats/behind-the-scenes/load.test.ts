import { expect, test } from 'vitest';
import { target } from '../../../acceptance/setup/visitor.ts';
import { open } from '../../browser.ts';

test('a function that computes gets more than one instance under load', { timeout: 400_000 }, async () => {
	const page = await open('/functions');
	const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'stats', exact: true }) });
	await page.getByRole('button', { name: 'Load stats' }).click();
	const load = page.getByRole('button', { name: 'Start load on stats' });
	await load.waitFor();
	const most = async (): Promise<number> => {
		// A cluster can take longer to start another instance than one load lasts.
		if (await load.isVisible()) await load.click();
		return Number(/peak: (\d+) instance/.exec(await card.innerText())?.[1] ?? 0);
	};
	await expect.poll(most, { timeout: target === 'cluster' ? 300_000 : 60_000 }).toBeGreaterThan(1);
	// One lit pane for each instance, while they run.
	const panes = card.locator('[data-target="stats"] .pane[data-state="ready"]');
	await expect.poll(() => panes.count()).toBeGreaterThan(1);
	await page.getByRole('button', { name: 'Stop load on stats' }).or(load).click();
});
