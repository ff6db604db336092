import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open } from '../browser.ts';

test('the first load transfers at most 120 kB of JavaScript, compressed with gzip', async () => {
	const page = await open('about:blank');
	// Over plain HTTP, browsers accept Brotli only from localhost.
	await page.context().setExtraHTTPHeaders({ 'accept-encoding': 'gzip' });
	const scripts: Promise<number>[] = [];
	page.on('requestfinished', (request) => {
		if (request.resourceType() === 'script')
			scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
	});
	await page.goto('/');
	await page.getByRole('heading', { level: 1 }).waitFor();
	await page.getByText('functions up').waitFor();
	const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
	expect(scripts.length).toBeGreaterThan(1);
	expect(bytes).toBeGreaterThan(50_000);
	expect(bytes).toBeLessThanOrEqual(120_000);
});

/** Returns the transferred bytes of each file with a hash in its name; 0 if it was in the browser's cache. */
const transferred = (page: Page): Promise<number[]> =>
	page.evaluate(() =>
		performance
			.getEntriesByType('resource')
			.filter(({ name }) => /-[A-Z0-9]{8}\.(js|css)$/.test(name))
			.map((entry) => (entry as PerformanceResourceTiming).transferSize),
	);

test('the browser caches files with a hash in their names', async () => {
	const page = await open('/');
	await page.getByRole('heading', { level: 1 }).waitFor();
	const first = await transferred(page);
	expect(first.length).toBeGreaterThan(2);
	expect(first.filter((size) => size === 0)).toEqual([]);
	await page.reload();
	await page.getByRole('heading', { level: 1 }).waitFor();
	expect((await transferred(page)).filter((size) => size > 0)).toEqual([]);
});
