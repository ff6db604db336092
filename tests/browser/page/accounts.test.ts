import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { post } from '../../acceptance/setup/visitor.ts';
import { admin, answers, type Credentials, expire, newAccount, open } from '../browser.ts';

const header = (page: Page): Locator => page.getByRole('banner');
const form = (page: Page): Locator => page.getByRole('main').locator('form');
const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node === document.activeElement);

async function fillIn(page: Page, { email, password }: Credentials): Promise<void> {
	await page.getByLabel('E-mail').fill(email);
	await page.getByRole('textbox', { name: 'Password' }).fill(password);
	await page.keyboard.press('Enter');
}

test('a new user is signed in, and returns to the screen they came from', async () => {
	const page = await open('/events?subject=7', { noise: answers(409, 422) });
	await header(page).getByRole('link', { name: 'Sign in' }).click();
	await page.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
	await page.getByRole('heading', { level: 1, name: 'Sign up' }).waitFor();
	await form(page).getByRole('button', { name: 'Sign up' }).click();
	// Each invalid field shows its error, and the first one has the focus.
	for (const said of [
		'Please enter your name.',
		'Please enter an address like ada@example.com',
		'Please use 8 to 200 characters',
	])
		await form(page).getByText(said).waitFor();
	const name = page.getByLabel('Name');
	expect(await isFocused(name)).toBe(true);
	await name.fill('Ada Lovelace');
	const taken = await newAccount('Somebody else');
	await fillIn(page, taken);
	await form(page).getByText('This address already has an account.').waitFor();
	await fillIn(page, { email: `${randomUUID()}@example.com`, password: 'an analytical engine' });
	await page.waitForURL('**/events?subject=7');
	await header(page).getByText('Ada Lovelace').waitFor();
	await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
});

test('reports a wrong password, and then signs in with the right one', async () => {
	const account = await newAccount('Grace Hopper');
	const page = await open('/events?subject=7', { noise: answers(401) });
	await header(page).getByRole('link', { name: 'Sign in' }).click();
	await fillIn(page, { ...account, password: 'a wrong one' });
	await form(page).getByText('No account has this address and password. Please check both.').waitFor();
	const password = page.getByRole('textbox', { name: 'Password' });
	expect(await isFocused(password)).toBe(true);
	expect(await password.getAttribute('type')).toBe('password');
	await page.getByLabel('Show the password').check();
	expect(await password.getAttribute('type')).toBe('text');
	// A second click on the link does not lose the way back.
	await header(page).getByRole('link', { name: 'Sign in' }).click();
	await fillIn(page, { ...account, email: account.email.toUpperCase() });
	await page.waitForURL('**/events?subject=7');
	await header(page).getByText('Grace Hopper').waitFor();
	expect(await isFocused(page.getByRole('heading', { level: 1, name: 'Events' }))).toBe(true);
});

test('going back skips the sign-in form', async () => {
	const account = await newAccount('Ada');
	const page = await open('/functions');
	await page.getByRole('link', { name: 'Map' }).click();
	await header(page).getByRole('link', { name: 'Sign in' }).click();
	await fillIn(page, account);
	await page.waitForURL('**/map');
	await page.goBack();
	await page.getByRole('heading', { level: 1, name: 'Map' }).waitFor();
	await page.goBack();
	await page.getByRole('heading', { level: 1, name: 'Functions' }).waitFor();
});

test('blocks sign-in for some minutes after too many attempts', async () => {
	const account = await newAccount('Ada');
	const page = await open('/sign-in', { noise: answers(429) });
	const wrong = { ...account, password: 'a wrong one' };
	const tried = await Promise.all(Array.from({ length: 10 }, () => post('/api/users/session', wrong)));
	expect(tried.map(({ status }) => status)).toEqual(tried.map(() => 401));
	await fillIn(page, account);
	await form(page)
		.getByText(/^Too many attempts\. Please try again in \d+ minutes\.$/)
		.waitFor();
	expect(await header(page).getByRole('link', { name: 'Sign in' }).isVisible()).toBe(true);
});

test('a session survives a reload and applies to every tab, until the user signs out', async () => {
	const page = await open('/', { as: await newAccount('Ada'), noise: answers(401) });
	await header(page).getByText('Ada').waitFor();
	await page.reload();
	await header(page).getByText('Ada').waitFor();
	const tab = await page.context().newPage();
	await tab.goto('/sign-in?to=/map');
	await tab.getByText('You are already signed in.').waitFor();
	await tab.getByRole('link', { name: 'Continue' }).click();
	await tab.getByRole('heading', { level: 1, name: 'Map' }).waitFor();
	await tab.goBack();
	await tab.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
	await tab.getByLabel('E-mail').waitFor();
	expect(await isFocused(tab.getByRole('heading', { level: 1, name: 'Sign in' }))).toBe(true);
	await header(tab).getByRole('link', { name: 'Sign in' }).waitFor();
	await page.reload();
	await header(page).getByRole('link', { name: 'Sign in' }).waitFor();
	const refreshed = await page.context().request.post('/api/users/session/refresh', {
		headers: { 'content-type': 'application/json' },
	});
	expect(refreshed.status()).toBe(401);
});

test('a user changes the password on the account screen, and stays signed in only there', async () => {
	const account = await newAccount('Ada');
	const page = await open('/', { as: account, noise: answers(403, 422) });
	const elsewhere = await open('/', { as: account, noise: answers(401) });
	await header(page).getByRole('button', { name: 'Ada' }).click();
	await header(page).getByRole('link', { name: 'Your account' }).click();
	await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
	const [current, next] = [page.getByLabel('Current password'), page.getByLabel('New password')];
	await current.fill('a wrong one');
	await next.fill('a difference engine');
	await page.keyboard.press('Enter');
	await form(page).getByText('That is not your current password.').waitFor();
	expect(await isFocused(current)).toBe(true);
	await current.fill(account.password);
	await next.fill('short');
	await page.keyboard.press('Enter');
	await form(page).getByText('Please use 8 to 200 characters.').waitFor();
	await next.fill('a difference engine');
	await page.keyboard.press('Enter');
	await form(page).getByText('Your password has changed.').waitFor();
	expect([await current.inputValue(), await next.inputValue()]).toEqual(['', '']);
	await page.reload();
	await header(page).getByText('Ada').waitFor();
	await elsewhere.reload();
	await header(elsewhere).getByRole('link', { name: 'Sign in' }).click();
	await fillIn(elsewhere, { ...account, password: 'a difference engine' });
	await header(elsewhere).getByText('Ada').waitFor();
});

test('a user signs out everywhere, and later deletes the account', async () => {
	const account = await newAccount('Ada');
	const page = await open('/', { as: account, noise: answers(401, 403) });
	const elsewhere = await open('/', { as: account, noise: answers(401) });
	await header(page).getByRole('button', { name: 'Ada' }).click();
	await header(page).getByRole('link', { name: 'Your account' }).click();
	await page.getByRole('button', { name: 'Sign out everywhere' }).click();
	await header(page).getByRole('link', { name: 'Sign in' }).waitFor();
	await elsewhere.reload();
	await header(elsewhere).getByRole('link', { name: 'Sign in' }).waitFor();

	await page.goto('/account');
	await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
	await fillIn(page, account);
	await page.waitForURL('**/account');
	await page.getByRole('button', { name: 'Delete my account' }).click();
	const dialog = page.getByRole('dialog', { name: 'Delete your account?' });
	await dialog.getByLabel('Current password').fill('a wrong one');
	await page.keyboard.press('Enter');
	await dialog.getByText('That is not your current password.').waitFor();
	await dialog.getByLabel('Current password').fill(account.password);
	await dialog.getByRole('button', { name: 'Delete my account' }).click();
	await header(page).getByRole('link', { name: 'Sign in' }).waitFor();
	expect((await post('/api/users/session', account)).status).toBe(401);
});

test('an admin returns to an admin screen after sign-in', async () => {
	const page = await open('/admin/data/users.users?sort=-email');
	const sent: string[] = [];
	page.on('request', (request) => sent.push(new URL(request.url()).pathname));
	await page.reload();
	await page.getByText('This page is for the shop’s admins. Sign in as an admin').waitFor();
	expect(sent.filter((path) => path.startsWith('/api/data'))).toEqual([]);
	await page.getByRole('link', { name: 'Sign in as an admin' }).click();
	await fillIn(page, admin);
	await page.waitForURL('**/admin/data/users.users?sort=-email');
	await page.getByRole('main').getByRole('table').waitFor();
});

test('refuses an admin screen to a user', async () => {
	const page = await open('/admin/users', { as: await newAccount('Ada') });
	await page.getByText('This page is for the shop’s admins, and Ada is not an admin.').waitFor();
	expect(await page.getByRole('main').getByRole('table').count()).toBe(0);
});

test('refreshes an expired access token without the user noticing', async () => {
	const page = await open('/functions', { as: 'admin', noise: answers(401) });
	const users = page.getByRole('link', { name: 'Users', exact: true });
	await header(page).getByRole('button', { name: 'Admin' }).click();
	await users.waitFor();
	const told: string[] = [];
	page.on('response', (response) => {
		const { pathname } = new URL(response.url());
		if (/^\/api\/users(\/session\/refresh)?$/.test(pathname)) told.push(`${pathname} ${response.status()}`);
	});
	await expire(page, '/api/users');
	await users.click();
	await page.getByRole('rowheader', { name: admin.email }).waitFor();
	expect(told).toEqual(['/api/users 401', '/api/users/session/refresh 200', '/api/users 200']);
});
