import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns the violations that axe-core finds, each with its element. */
export async function faults(page: Page): Promise<string[]> {
	if (await page.evaluate('!window.axe')) await page.evaluate(axe);
	const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
	return violations.flatMap(({ id, nodes }) =>
		nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
	);
}
