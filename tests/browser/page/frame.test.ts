import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { imported } from '../../../build/esbuild.ts';
import { faults } from '../axe.ts';
import { open, origin } from '../browser.ts';
import { screensOf } from '../screens.ts';

const screens = await screensOf(origin);
const { groupAt } = await imported<typeof import('../../../web/screens.ts')>('web/screens.ts');
const behind = screens.filter(({ path }) => groupAt(path.replace(/\?.*/, '')) !== 'shop');

const phone = { width: 390, height: 844 };
const laptop = { width: 1440, height: 900 };

/** Returns the pixels above the first row of content below the heading. */
const contentTop = (page: Page): Promise<number> =>
	page.locator('.screen-head + *').evaluate((row) => row.getBoundingClientRect().top + window.scrollY);

/** Returns the texts on a page that contain a time as the API sends it, outside of code. */
const utcIn = (page: Page): Promise<string[]> =>
	page.evaluate(() => {
		const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		const found: string[] = [];
		for (let text = texts.nextNode(); text; text = texts.nextNode())
			if (/\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text.textContent ?? '') && !text.parentElement?.closest('code, pre'))
				found.push(`${location.pathname}: ${text.textContent}`);
		return found;
	});

test('shows each time in the zone and language of the reader', async () => {
	const page = await open('/admin/users', { as: 'admin', locale: 'fr-FR', timezoneId: 'Asia/Tokyo' });
	const time = page.locator('main time').first();
	const at = new Date((await time.getAttribute('datetime')) ?? '');
	const inTokyo = new Intl.DateTimeFormat('fr', { timeStyle: 'short', timeZone: 'Asia/Tokyo' }).format(at);
	expect(await time.textContent()).toContain(inTokyo);
});

test.each(['en-US', 'fr-FR'])(
	'in %s each screen has its own title, and behind the scenes the content begins in the first 200 pixels, on a phone 250',
	async (locale) => {
		const page = await open('/', { as: 'admin', locale });
		expect(behind.length).toBeGreaterThan(5);
		const titles: string[] = [];
		const late: string[] = [];
		const utc: string[] = [];
		for (const screen of screens) {
			await page.setViewportSize(laptop);
			await page.goto(screen.path);
			await page.getByRole('heading', { level: 1 }).waitFor();
			await expect.poll(() => page.locator('[aria-busy="true"], .waiting').count()).toBe(0);
			titles.push(await page.title());
			utc.push(...(await utcIn(page)));
			if (!behind.includes(screen)) continue;
			const onLaptop = await contentTop(page);
			await page.setViewportSize(phone);
			await page.locator('.tools .switch').first().waitFor({ state: 'detached' });
			const onPhone = await contentTop(page);
			if (onLaptop >= 200 || onPhone >= 250) late.push(`${screen.name}: ${onLaptop}, on a phone ${onPhone}`);
		}
		expect(late).toEqual([]);
		expect(utc).toEqual([]);
		expect(titles).toEqual([...new Set(titles)]);
		expect(titles.filter((title) => !/\S · Bodega$/.test(title))).toEqual([]);
	},
);

test.each([laptop, phone])('the account menu works by keyboard and by pointer at %j', async (viewport) => {
	const page = await open('/functions', { as: 'admin', viewport });
	const button = page.getByRole('banner').getByRole('button', { name: 'Admin' });
	const admin = page.getByRole('navigation', { name: 'Admin' });
	await button.focus();
	await page.keyboard.press('Enter');
	await admin.waitFor();
	expect(await faults(page)).toEqual([]);
	const box = await page.locator('.account-menu').boundingBox();
	expect([(box?.x ?? -1) >= 0, (box?.x ?? 0) + (box?.width ?? 0) <= viewport.width]).toEqual([true, true]);
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	expect(
		await admin
			.getByRole('link')
			.first()
			.evaluate((link) => link === document.activeElement),
	).toBe(true);
	await page.keyboard.press('Escape');
	await admin.waitFor({ state: 'hidden' });
	expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);

	await button.click();
	await admin.getByRole('link', { name: 'Users' }).click();
	await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
	await admin.waitFor({ state: 'hidden' });
	await button.click();
	await page.mouse.click(5, viewport.height - 5);
	await admin.waitFor({ state: 'hidden' });
});

test('on a phone the map and the sequence have a narrow form, and a tap on the map shows the details in sight', async () => {
	const page = await open('/map', { viewport: phone, hasTouch: true });
	const drawing = page.getByRole('region', { name: 'Map of the functions and events' });
	const events = drawing.getByRole('list', { name: 'Events' }).getByRole('link');
	await events.last().waitFor();
	expect(await drawing.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
	const before = await drawing.boundingBox();
	await drawing.getByRole('link', { name: 'gateway' }).tap();
	const title = page.getByRole('heading', { level: 2, name: 'gateway' });
	await title.waitFor();
	const { y = -1 } = (await title.boundingBox()) ?? {};
	expect(y > 0 && y < phone.height).toBe(true);
	expect(await drawing.boundingBox()).toEqual(before);

	await page.goto(screens.find(({ name }) => name === 'event')?.path ?? '');
	await page.getByRole('list', { name: 'The trace, step by step' }).getByRole('listitem').first().waitFor();
	expect(await page.getByRole('img', { name: /^Sequence diagram/ }).count()).toBe(0);
});

test('pointing at the map shows the details beside it, and does not move it', async () => {
	const page = await open('/map', { viewport: laptop });
	const drawing = page.getByRole('region', { name: 'Map of the functions and events' });
	const house = drawing.getByRole('link', { name: 'gateway' });
	await house.waitFor();
	const before = await drawing.boundingBox();
	await house.hover();
	const title = page.getByRole('heading', { level: 2, name: 'gateway' });
	await title.waitFor();
	expect(await drawing.boundingBox()).toEqual(before);
	const { x = 0, y = 0 } = (await title.boundingBox()) ?? {};
	expect(x).toBeGreaterThan((before?.x ?? 0) + (before?.width ?? 0));
	expect(y).toBeLessThan(laptop.height);
});
