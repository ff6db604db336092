import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imported } from '../../../build/esbuild.ts';
import type { screens as Screens } from '../../../web/screens.ts';
import { faults } from '../axe.ts';
import { newPage, open, origin } from '../browser.ts';
import { screensOf } from '../screens.ts';

const screens = await screensOf(origin);

/** Waits until a screen has loaded its data. */
async function shown(page: Page): Promise<void> {
	await page.getByRole('heading', { level: 1 }).waitFor();
	await expect.poll(() => page.locator('[aria-busy="true"], .waiting').count()).toBe(0);
}

test('these tests cover every screen of the page', async () => {
	const routes = (await imported<{ screens: typeof Screens }>('web/screens.ts')).screens.map(({ path }) => path);
	const pattern = (path: string): RegExp => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
	const paths = screens.map(({ path }) => path.replace(/\?.*/, ''));
	expect(routes.length).toBeGreaterThan(5);
	expect(routes.filter((path) => !paths.some((each) => pattern(path).test(each)))).toEqual([]);
});

/** Presses Tab until the focus leaves the page, and checks that each focused element is visible and marked. */
async function walkByKeyboard(page: Page): Promise<void> {
	const reached = new Set<string>();
	for (let presses = 0; presses < 400; presses += 1) {
		await page.keyboard.press('Tab');
		const at = await page.evaluate(() => {
			const element = document.activeElement;
			if (!element || element === document.body) return undefined;
			const { outlineStyle, outlineWidth } = getComputedStyle(element);
			const { width, height, bottom, top } = element.getBoundingClientRect();
			return {
				which: element.outerHTML.slice(0, 200),
				marked: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
				seen: width > 0 && height > 0 && bottom > 0 && top < window.innerHeight,
			};
		});
		// After the last element the focus leaves the page.
		if (!at) break;
		expect(at).toEqual({ which: at.which, marked: true, seen: true });
		reached.add(at.which);
	}
	const links = await page.getByRole('main').getByRole('link').or(page.getByRole('main').getByRole('button')).count();
	expect(reached.size).toBeGreaterThan(10);
	expect(reached.size).toBeGreaterThanOrEqual(Math.min(links, 100));
	expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
}

type Visitor = Awaited<ReturnType<typeof newPage>>;

interface Look {
	readonly colorScheme: 'light' | 'dark';
	readonly width: number;
}
const height = 800;

/** Each language is tested with two of the four combinations of colour scheme and width. */
const languages: Readonly<Record<string, readonly [Look, Look]>> = {
	'en-US': [
		{ colorScheme: 'light', width: 1280 },
		{ colorScheme: 'dark', width: 360 },
	],
	'fr-FR': [
		{ colorScheme: 'dark', width: 1280 },
		{ colorScheme: 'light', width: 360 },
	],
};

describe.each(Object.entries(languages))('in %s', (locale, looks) => {
	// Shared by all screens, so that the browser compiles their code only once.
	let stranger: Visitor;
	let admin: Visitor;
	beforeAll(async () => {
		[stranger, admin] = await Promise.all([newPage({ locale }), newPage({ locale, as: 'admin' })]);
	});
	afterAll(() => Promise.all([stranger, admin].map(({ page }) => page.context().close())));

	test.each(screens)(
		'$name has no axe violations, does not scroll sideways or move, and is fully reachable by keyboard',
		async ({ path, as }) => {
			const { page, said } = as ? admin : stranger;
			const show = async ({ colorScheme, width }: Look): Promise<void> => {
				await page.emulateMedia({ colorScheme });
				await page.setViewportSize({ width, height });
			};
			const moving = () => page.evaluate(() => document.getAnimations().map((animation) => animation.playState));
			await show(looks[0]);
			await page.goto(path);
			// The tests ask every page to reduce motion.
			expect(await moving()).toEqual([]);
			await shown(page);
			for (const look of looks) {
				await show(look);
				const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
				expect({ ...look, faults: await faults(page) }).toEqual({ ...look, faults: [] });
				// The page does not scroll sideways.
				expect(wider).toBeLessThanOrEqual(0);
			}
			expect(await moving()).toEqual([]);
			// The focus order is the same in every language.
			if (locale === 'en-US') {
				await show(looks[0]);
				await walkByKeyboard(page);
			}
			expect(said.splice(0)).toEqual([]);
		},
	);
});

test.each([
	['no-preference', ['flicker']],
	['reduce', []],
] as const)(
	'with the preference for motion "%s", a window that lights up moves: %j',
	async (reducedMotion, expected) => {
		const page = await open('/', { reducedMotion });
		const names = await page
			.locator('.pane')
			.first()
			.evaluate((pane: HTMLElement) => {
				pane.dataset['state'] = 'starting';
				return pane.getAnimations().flatMap((each) => (each instanceof CSSAnimation ? [each.animationName] : []));
			});
		expect(names).toEqual(expected);
	},
);
