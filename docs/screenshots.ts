import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLaptop } from '../tests/acceptance/setup/laptop.ts';
import { launchChromium, provideChromium } from '../tests/browser/chromium.ts';
import { screensOf } from '../tests/browser/screens.ts';

const folder = join(import.meta.dirname, 'screens');

/** Opens a new shop and saves a screenshot of every screen in `docs/screens/`; of some also by night and on a phone. */
export async function takeScreenshots(): Promise<void> {
	await provideChromium();
	mkdirSync(folder, { recursive: true });
	const { reach, close } = await openLaptop();
	const browser = await launchChromium();
	try {
		const take = async (name: string, path: string, as: 'admin' | undefined, phone = false, night = false) => {
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
			const page = await context.newPage();
			await page.goto(path);
			await page.getByRole('heading', { level: 1 }).waitFor();
			await page.locator('[aria-busy="true"], .waiting').first().waitFor({ state: 'detached' });
			await page.locator('.small-house').first().waitFor();
			await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
			await context.close();
			process.stdout.write(`docs/screens/${name}.png\n`);
		};
		for (const { name, path, as, looks } of await screensOf(reach.url)) {
			await take(name, path, as);
			if (!looks) continue;
			await take(`${name}-by-night`, path, as, false, true);
			await take(`${name}-on-a-phone`, path, as, true);
		}
	} finally {
		await browser.close();
		await close();
	}
}
