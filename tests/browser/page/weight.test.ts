import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open } from '../browser.ts';

test('the first load has at most 120 kB of JavaScript, compressed as plain HTTP is', async () => {
	const page = await open('about:blank');
	// Over HTTP a browser that is not on localhost takes no Brotli.
	await page.context().setExtraHTTPHeaders({ 'accept-encoding': 'gzip' });
	const scripts: Promise<number>[] = [];
	page.on('requestfinished', (request) => {
		if (request.resourceType() === 'script')
			scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
	});
	await page.goto('/');
	await page
		.getByRole('button', { name: /Order Now/ })
		.first()
		.waitFor();
	const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
	expect(scripts.length).toBeGreaterThan(1);
	expect(bytes).toBeGreaterThan(50_000);
	expect(bytes).toBeLessThanOrEqual(120_000);
});

/** The bytes that came over the wire for each hashed file; 0 for one that the browser had. */
const transferred = (page: Page): Promise<number[]> =>
	page.evaluate(() =>
		performance
			.getEntriesByType('resource')
			.filter(({ name }) => /-[A-Z0-9]{8}\.(js|css)$/.test(name))
			.map((entry) => (entry as PerformanceResourceTiming).transferSize),
	);

test('what has its hash in its name is kept by the browser', async () => {
	const page = await open('/');
	await page.getByRole('heading', { level: 1 }).waitFor();
	const first = await transferred(page);
	expect(first.length).toBeGreaterThan(2);
	expect(first.filter((size) => size === 0)).toEqual([]);
	await page.reload();
	await page.getByRole('heading', { level: 1 }).waitFor();
	expect((await transferred(page)).filter((size) => size > 0)).toEqual([]);
});
