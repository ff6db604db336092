import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { functions } from '../../../functions/index.ts';
import { targetsOf } from '../../../kit/declare/declare.ts';
import { target } from '../../acceptance/setup/visitor.ts';
import { open } from '../browser.ts';

/** The longest time in which an idle function scales to zero, in milliseconds; on a cluster this takes a minute or more. */
const idling = target === 'cluster' ? 240_000 : 30_000;

const cardOf = (page: Page, name: string): Locator =>
	page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

const textOf = (page: Page, name: string) => () => cardOf(page, name).innerText();

test('wakes a function at zero, and its windows light up', { timeout: 300_000 }, async () => {
	const page = await open('/functions');
	await expect.poll(textOf(page, 'reference'), { timeout: idling }).toMatch(/at zero/);
	await page.getByRole('button', { name: 'Wake reference' }).click();
	await cardOf(page, 'reference').getByText('Answered after').waitFor();
	await expect.poll(textOf(page, 'reference')).toMatch(/ready, 1 instance\b[\s\S]*cold start/);
	await page.getByTitle('reference').locator('[data-state="ready"]').waitFor();
});

test('draws the page while the function of a screen wakes, and nothing moves when its data is there', async () => {
	const page = await open('/functions');
	await expect.poll(textOf(page, 'reference'), { timeout: idling }).toMatch(/at zero/);
	await page.addInitScript(() => {
		const seen = new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
		});
		const shifts: number[] = [];
		Object.assign(window, { shifts });
		seen.observe({ type: 'layout-shift', buffered: true });
	});
	// Each request is held until the page shows what it can show without the answer.
	const drawn = async (): Promise<void> => {
		await page.getByRole('heading', { level: 1, name: /API/ }).waitFor();
		await page.getByRole('navigation').getByRole('link', { name: 'API', exact: true }).waitFor();
		await page.locator('.waiting').waitFor();
	};
	await page.route(/\/reference-\w+\.js$/, async (route) => drawn().then(() => route.continue()));
	await page.route('**/api/openapi.json', async (route) => drawn().then(() => route.continue()));
	await page.goto('/reference');
	await page.locator('.operation').first().waitFor();
	const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
	// The limit of a good page (Core Web Vitals) is 0.1.
	expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.05);
});

test('wakes all functions with one button', { timeout: 300_000 }, async () => {
	const page = await open('/functions');
	const woken = page.getByRole('button', { name: /^Wake (?!all)/ });
	await woken.first().waitFor();
	const doors = functions.filter(({ api }) => api).length;
	expect(await woken.count()).toBe(doors);
	await page.getByRole('button', { name: 'Wake all' }).click();
	await page.getByText(`All ${doors} have answered`).waitFor({ timeout: idling });
	expect(await page.getByText('Answered after').count()).toBe(doors);
	await cardOf(page, 'relay').getByText('Only events wake it.').waitFor();
});

test.each([
	[1440, 900],
	[390, 844],
])('at %i x %i, waking a function and its timeline are seen together', async (width, height) => {
	const page = await open('/functions', { viewport: { width, height } });
	const wake = page.getByRole('button', { name: 'Wake reference' });
	await wake.click();
	await expect.poll(() => page.locator('[data-own-lane="reference"]').getAttribute('data-most')).toMatch(/[1-9]/);
	const seen = async (part: Locator): Promise<boolean> => {
		const { y = -1, height: tall = 0 } = (await part.boundingBox()) ?? {};
		return y >= 0 && y + tall <= height;
	};
	for (const part of [wake, page.locator('[data-own-lane="reference"]'), page.locator('[data-target="reference"]')])
		await expect.poll(() => seen(part)).toBe(true);
});

/** Opens what a load would send, and starts it. */
async function load(page: Page, name: string): Promise<void> {
	await page.getByRole('button', { name: `Load ${name}` }).click();
	await page.getByRole('button', { name: `Start load on ${name}` }).click();
}

test('a load says what it sends, shows its figures and ends by itself', async () => {
	const page = await open('/functions');
	await page.getByRole('button', { name: 'Load users' }).waitFor();
	await page.clock.install();
	await page.getByRole('button', { name: 'Load users' }).click();
	const card = cardOf(page, 'users');
	await card.getByText(/^Sends GET \/api\/users\/jwks, at most 2,000 times in 20/).waitFor();
	let parallel = 0;
	let most = 0;
	const counted = (change: number) => (request: { url(): string }) => {
		if (!request.url().endsWith('/api/users/jwks')) return;
		parallel += change;
		most = Math.max(most, parallel);
	};
	page.on('request', counted(1));
	page.on('requestfinished', counted(-1));
	await card.getByRole('slider', { name: 'In parallel: 6' }).fill('2');
	await card.getByRole('slider', { name: 'In parallel: 2' }).waitFor();
	await page.getByRole('button', { name: 'Start load on users' }).click();
	await page.getByRole('progressbar', { name: 'Load on users' }).waitFor();
	// All loads would share the page's connections, so only one runs at a time.
	await page.getByRole('button', { name: 'Load info' }).click();
	expect(await page.getByRole('button', { name: 'Start load on info' }).isDisabled()).toBe(true);
	await cardOf(page, 'users')
		.getByText(/[1-9]\d* requests in/)
		.waitFor();
	await page.clock.fastForward(20_000);
	await page.getByRole('button', { name: 'Start load on users' }).waitFor();
	const told = await cardOf(page, 'users').innerText();
	for (const figure of [/[\d,]+ requests in .+, \d+ a second/, /none failed/, /half of them within .+, 99% within/])
		expect(told).toMatch(figure);
	expect(told).toMatch(/peak: \d+ instance/);
	expect(await page.getByRole('button', { name: 'Start load on info' }).isEnabled()).toBe(true);
	expect(most).toBe(2);
});

test('a load can be stopped', async () => {
	const page = await open('/functions');
	let asked = 0;
	page.on('request', (request) => {
		if (request.url().includes('/api/docs')) asked += 1;
	});
	await load(page, 'reference');
	await expect.poll(() => asked).toBeGreaterThan(10);
	const button = page.getByRole('button', { name: 'Stop load on reference' });
	await button.click();
	await page.getByRole('progressbar', { name: 'Load on reference' }).waitFor({ state: 'detached' });
	// It is the same button, so it still has the keyboard focus.
	expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Start load on reference');
	const after = asked;
	await page.waitForResponse(/\/api\/functions$/);
	await page.waitForResponse(/\/api\/functions$/);
	expect(asked).toBe(after);
});

test('the timeline shows the history of each target', async () => {
	const page = await open('/functions');
	await page.getByRole('button', { name: 'Wake reference' }).click();
	await expect.poll(() => page.locator('[data-lane="reference"]').getAttribute('data-most')).toMatch(/[1-9]/);
	const names = await page
		.locator('[data-lane]')
		.evaluateAll((lanes) => lanes.map((lane) => lane.getAttribute('data-lane')));
	expect(names).toEqual(functions.flatMap(targetsOf).map(({ name }) => name));

	await page.getByText('As a table').click();
	const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'reference', exact: true }) });
	await expect.poll(() => row.innerText()).toMatch(/\d:\d\d:\d\d.*: 1/);

	const moment = page.getByRole('slider', { name: 'Moment' });
	await expect.poll(() => moment.getAttribute('aria-valuetext')).toMatch(/gateway \d/);
	await moment.press('Home');
	await expect.poll(() => moment.getAttribute('aria-valuetext')).not.toMatch(/reference/);
	expect(await moment.inputValue()).toBe('-600');
});
