import type { Browser } from 'playwright-core';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { launchChromium, provideChromium } from '../tests/browser/chromium.ts';
import { median, plainRow, type Row, ratioRow } from './row.ts';

/** Measurements of a first visit, as Lighthouse defines them. Times are in milliseconds. */
interface Visit {
	/** Time until a book can be ordered. */
	readonly usable: number;
	/** Largest contentful paint. */
	readonly lcp: number;
	/** Cumulative layout shift, a score without a unit. */
	readonly cls: number;
	/** Total blocking time: the sum of each long task's time above 50 ms. */
	readonly tbt: number;
	/** Bytes of JavaScript transferred. */
	readonly script: number;
}

declare global {
	interface Window {
		seen: { lcp: number; cls: number; tbt: number };
	}
}

/** Measures the page's first load in a new browser profile, compared with one book as JSON in the same browser. */
export async function pageLoad({ url }: Reach): Promise<Row[]> {
	await provideChromium();
	const browser = await launchChromium();
	const visits: Visit[] = [];
	const bare: number[] = [];
	for (let round = -1; round < 9; round += 1) {
		const plain = await plainLoad(browser, url);
		const visit = await firstVisit(browser, url);
		if (round < 0) continue; // The first round starts the functions.
		bare.push(plain);
		visits.push(visit);
	}
	await browser.close();
	const of = (key: keyof Visit): number => median(visits.map((visit) => visit[key]));
	const lcp = visits.map((visit) => visit.lcp);
	const beside = { name: 'one book as JSON in the same browser', values: bare };
	return [
		plainRow('page, warm: until a book can be ordered', of('usable'), 'ms', { most: 1000 }),
		ratioRow('page, warm: largest contentful paint', lcp, beside, { unit: 'ms' }),
		plainRow('page, warm: cumulative layout shift', of('cls'), '', { most: 0.1 }, 3),
		plainRow('page, warm: total blocking time', of('tbt'), 'ms', { most: 200 }),
		plainRow('page: JavaScript of the first load, compressed', of('script') / 1000, 'kB', { most: 120 }, 1),
	];
}

async function plainLoad(browser: Browser, url: string): Promise<number> {
	const context = await browser.newContext();
	const page = await context.newPage();
	const start = performance.now();
	await page.goto(`${url}/api/books/1`);
	const time = performance.now() - start;
	await context.close();
	return time;
}

async function firstVisit(browser: Browser, url: string): Promise<Visit> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
	await context.addInitScript(() => {
		window.seen = { lcp: 0, cls: 0, tbt: 0 };
		const observe = (
			type: string,
			note: (entry: PerformanceEntry & { value?: number; hadRecentInput?: boolean }) => void,
		) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
		observe('largest-contentful-paint', ({ startTime }) => {
			window.seen.lcp = startTime;
		});
		observe('layout-shift', ({ value = 0, hadRecentInput }) => {
			if (!hadRecentInput) window.seen.cls += value;
		});
		observe('longtask', ({ duration }) => {
			window.seen.tbt += Math.max(0, duration - 50);
		});
	});
	const page = await context.newPage();
	const start = performance.now();
	await page.goto(url);
	await page
		.getByRole('button', { name: /Order Now/ })
		.first()
		.waitFor();
	const usable = performance.now() - start;
	// The observers report a frame only after it was shown.
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
	const seen = await page.evaluate(() => window.seen);
	const script = await page.evaluate(() =>
		performance
			.getEntriesByType('resource')
			.filter(({ name }) => name.endsWith('.js'))
			.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
	);
	await context.close();
	return { usable, script, ...seen };
}
