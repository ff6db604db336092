import { globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openLaptop } from '../tests/acceptance/setup/laptop.ts';
import { launchChromium, provideChromium } from '../tests/browser/chromium.ts';
import { type Pictures, screensOf } from '../tests/browser/screens.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'screens');

/** Opens a new shop and saves a screenshot of every screen in `docs/screens/`; of some also by night and on a phone. */
export async function takeScreenshots(): Promise<void> {
	await provideChromium();
	mkdirSync(folder, { recursive: true });
	const { reach, close } = await openLaptop();
	const browser = await launchChromium();
	try {
		const open = async (as: 'admin' | undefined, phone = false, night = false): Promise<Page> => {
			const context = await browser.newContext({
				baseURL: reach.url,
				locale: 'en-US',
				timezoneId: 'UTC',
				colorScheme: night ? 'dark' : 'light',
				reducedMotion: 'reduce',
				viewport: phone ? { width: 390, height: 780 } : { width: 1280, height: 800 },
			});
			if (as) {
				const data = { email: 'admin@bodega.local', password: reach.adminPassword };
				await context.request.post('/api/users/session', { data });
				await context.addInitScript(() => localStorage.setItem('bodega.signed-in', 'yes'));
			}
			return await context.newPage();
		};
		const save = async (page: Page, name: string, fullPage: boolean): Promise<void> => {
			await page.getByRole('heading', { level: 1 }).waitFor();
			await page.locator('[aria-busy="true"], .waiting').first().waitFor({ state: 'detached' });
			await page.locator('.small-house').first().waitFor();
			await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
			process.stdout.write(`docs/screens/${name}.png\n`);
		};
		const take = async (name: string, path: string, ...visitor: Parameters<typeof open>): Promise<void> => {
			const page = await open(...visitor);
			await page.goto(path);
			await save(page, name, true);
			await page.context().close();
		};
		for (const { name, path, as, looks } of await screensOf(reach.url)) {
			await take(name, path, as);
			if (!looks) continue;
			await take(`${name}-by-night`, path, as, false, true);
			await take(`${name}-on-a-phone`, path, as, true);
		}
		for (const file of globSync('tests/browser/*/pictures.ts', { cwd: root })) {
			const { default: pictures } = (await import(join(root, file))) as { default: Pictures };
			const page = await open('admin');
			await pictures(page, (name) => save(page, name, false));
			await page.context().close();
		}
	} finally {
		await browser.close();
		await close();
	}
}
