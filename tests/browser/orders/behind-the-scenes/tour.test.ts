import type { Locator, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { asAdmin, visit } from '../../../acceptance/setup/visitor.ts';
import { faults } from '../../axe.ts';
import { answers, open, type Visit } from '../../browser.ts';
import { ownBook } from '../stock.ts';

/** Opens the home page of a shop with a book in stock, and starts the tour. */
async function start(visitor: Visit, button: string, label: string): Promise<{ page: Page; tour: Locator }> {
	onTestFinished(
		async () => void (await visit('gateway', '/api/drills/billing', { method: 'DELETE', headers: asAdmin })),
	);
	await ownBook(5);
	const page = await open('/', visitor);
	await page.getByRole('main').getByRole('button', { name: button }).click();
	return { page, tour: page.getByRole('complementary', { name: label }) };
}

const drills = async () => (await visit('gateway', '/api/drills', { headers: asAdmin })).json;
const statusOf = async (id: number): Promise<string> =>
	(await visit('gateway', `/api/orders/${id}`, { headers: asAdmin })).json.status;
const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

test('goes through the whole tour with real orders, instances and a dead letter', async () => {
	const { page, tour } = await start({ as: 'admin' }, 'Take the five-minute tour', 'Guided tour');
	const at = async (title: string, path: string): Promise<void> => {
		const heading = tour.getByRole('heading', { name: title });
		await heading.waitFor();
		await page.waitForURL(path);
		await page.getByRole('heading', { level: 1 }).waitFor();
		expect(await isFocused(heading)).toBe(true);
		expect(await faults(page)).toEqual([]);
	};
	const next = tour.getByRole('button', { name: 'Next', exact: true });
	const link = tour.getByRole('link', { name: /^Order \d+$/ });
	const placed = async (): Promise<number> => Number((await link.innerText()).replace('Order ', ''));

	await at('Order a book', '/');
	// With the keyboard: past "Leave the tour", to the main button, which then leads on.
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	expect(await isFocused(tour.getByRole('button', { name: 'Order a book' }))).toBe(true);
	await page.keyboard.press('Enter');
	await tour.getByText(/^Order \d+ “.+”, is placed\.$/).waitFor();
	const first = await placed();
	expect(await isFocused(next)).toBe(true);
	await page.keyboard.press('Enter');

	await at('Watch it wake', '/functions');
	await tour.getByText(/^Order \d+ is completed after .+, with its invoice\.$/).waitFor();
	for (const name of ['orders', 'books', 'billing'])
		await tour.getByText(new RegExp(`^${name}: (\\d instances?|asleep again), last started in .+`)).waitFor();
	expect(await statusOf(first)).toBe('completed');
	// A reload keeps the step, and the screen on which the visitor is.
	await page.goto('/movies');
	await tour.getByRole('link', { name: 'Show its screen' }).waitFor();
	await next.click();

	await at('Break billing', '/events');
	await tour.getByRole('button', { name: 'Break billing, and order' }).click();
	await tour.getByText(/Billing answered 422 to stock\.reserved, which is now a dead letter\.$/).waitFor();
	const second = await placed();
	expect([second === first, await statusOf(second)]).toEqual([false, 'pending']);
	expect(await drills()).toMatchObject([{ function: 'billing', kind: 'poison' }]);
	await next.click();

	await at('Replay the event', '/dead-letters');
	await tour.getByRole('button', { name: 'Repair billing, and replay' }).click();
	await tour.getByText(`Order ${second} is completed, with exactly one invoice.`).waitFor();
	expect([await statusOf(second), await drills()]).toEqual(['completed', []]);
	await next.click();

	await at('Scale out', '/functions');
	await tour.getByRole('button', { name: 'Send requests to stats' }).click();
	await tour.getByText(/requests, and stats had [2-9] instances\.$/).waitFor({ timeout: 60_000 });
	await next.click();

	await at('That was the tour', '/map');
	await tour.getByRole('button', { name: 'Finish' }).click();
	await tour.waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Take the five-minute tour' }).waitFor();
});

test('repairs billing and settles the order when it is left in between, in French on a phone', async () => {
	const phone = { width: 390, height: 844 };
	const { page, tour } = await start(
		{ as: 'admin', locale: 'fr-FR', viewport: phone },
		'Suivre la visite (cinq minutes)',
		'Visite guidée',
	);
	const button = (name: string) => tour.getByRole('button', { name, exact: true });
	const isAt = (title: string) => tour.getByRole('heading', { name: title }).waitFor();
	await button('Passer').click();
	await isAt('Regarder le réveil');
	await button('Suivant').click();
	await isAt('Casser billing');
	await button('Casser billing et commander').click();
	await tour.getByText('Billing a répondu 422 à stock.reserved, qui devient une lettre morte.').waitFor();
	const id = Number((await tour.getByRole('link', { name: /^La commande \d+$/ }).innerText()).replace(/\D+/, ''));
	expect(await drills()).toMatchObject([{ function: 'billing' }]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
	expect((await tour.boundingBox())?.height).toBeLessThanOrEqual(phone.height / 2);
	expect(await faults(page)).toEqual([]);
	await button('Quitter la visite').click();
	await tour.waitFor({ state: 'detached' });
	await expect.poll(drills).toEqual([]);
	await expect.poll(() => statusOf(id)).toBe('completed');
	// The tour continues with the step that was undone.
	await page.getByRole('contentinfo').getByRole('button', { name: 'Reprendre la visite' }).click();
	await isAt('Casser billing');
	await button('Casser billing et commander').waitFor();
});

test('shows a stranger how to sign in as the admin, and lets them skip what only an admin can do', async () => {
	const { page, tour } = await start({ noise: answers(401) }, 'Take the five-minute tour', 'Guided tour');
	const asked: string[] = [];
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await tour.getByRole('button', { name: 'Skip' }).click();
	await tour.getByRole('button', { name: 'Next' }).click();
	const way = tour.getByRole('link', { name: 'Sign in as an admin' });
	await way.waitFor();
	await page.waitForURL('/events');
	expect(await way.getAttribute('href')).toBe(`/sign-in?to=${encodeURIComponent('/events')}`);
	await tour.getByRole('button', { name: 'Skip' }).click();
	await tour.getByRole('heading', { name: 'Scale out' }).waitFor();
	await page.reload();
	await tour.getByRole('heading', { name: 'Scale out' }).waitFor();
	await tour.getByRole('button', { name: 'Leave the tour' }).click();
	await tour.waitFor({ state: 'detached' });
	expect(await isFocused(page.getByRole('main'))).toBe(true);
	expect(asked.filter((path) => path.startsWith('/api/drills'))).toEqual([]);
});
