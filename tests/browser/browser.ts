import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, expect, inject, onTestFinished } from 'vitest';
import { post } from '../acceptance/setup/visitor.ts';
import { patience } from '../run/patience.ts';
import { launchChromium } from './chromium.ts';

const shop = inject('shop');
const address = new URL(shop.url);
/** The shop's origin, as a browser uses it. */
export const origin = `http://${shop.hosts['gateway']}${address.port && `:${address.port}`}`;

// No DNS server on this machine knows the cluster's names.
const browser = await launchChromium(
	shop.target === 'cluster' ? [`--host-resolver-rules=MAP ${shop.hosts['gateway']} ${address.hostname}`] : [],
);
afterAll(() => browser.close());

export interface Visit extends BrowserContextOptions {
	/** The visitor; a stranger by default. */
	readonly as?: 'admin' | Credentials;
	/** Console messages to ignore: a page cannot stop the browser from logging failed requests. */
	readonly noise?: RegExp;
}

export interface Credentials {
	readonly email: string;
	readonly password: string;
}

export const admin: Credentials = { email: 'admin@bodega.local', password: shop.adminPassword };

/** Opens a path in a new browser context. The test fails if the console then has messages other than `noise`. */
export async function open(path: string, { noise, ...visit }: Visit = {}): Promise<Page> {
	const { page, said } = await newPage(visit);
	onTestFinished(async () => {
		await page.context().close();
		// One text, because a report shows the items of no long list.
		expect(said.filter((line) => !noise?.test(line)).join('\n')).toBe('');
	});
	await page.goto(path);
	return page;
}

/** Opens a page in a new browser context, and records its console messages in `said`. */
export async function newPage({ as, ...options }: Omit<Visit, 'noise'> = {}): Promise<{ page: Page; said: string[] }> {
	const context = await browser.newContext({ baseURL: origin, locale: 'en-US', reducedMotion: 'reduce', ...options });
	context.setDefaultTimeout(patience);
	if (as) await signIn(context, as === 'admin' ? admin : as);
	const page = await context.newPage();
	const said: string[] = [];
	page.on('console', (message) => said.push(`${message.type()}: ${message.text()} ${message.location().url}`));
	page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`));
	return { page, said };
}

/** Matches the console messages of the browser about answers with these statuses. */
export const answers = (...statuses: readonly number[]): RegExp =>
	new RegExp(`Failed to load resource: the server responded with a status of (${statuses.join('|')})`);

/** Matches the console messages of the browser about requests without an answer. */
export const noAnswer = /net::ERR_/;

/** Signs in as the page does: sets the session's cookie, and the note in local storage that a session exists. */
async function signIn(context: BrowserContext, { email, password }: Credentials): Promise<void> {
	const { status, text, headers } = await post('/api/users/session', { email, password });
	const [, name, value] = /^([^=]+)=([^;]+)/.exec(String(headers['set-cookie'])) ?? [];
	if (status !== 200 || !name || !value) throw new Error(`${email} could not sign in: ${status} ${text}`);
	const cookie = { name, value, domain: new URL(origin).hostname, path: '/api/users/session' };
	await context.addCookies([{ ...cookie, httpOnly: true, sameSite: 'Strict' }]);
	await context.addInitScript(() => localStorage.setItem('bodega.signed-in', 'yes'));
}

/** Creates an account for one test. */
export async function newAccount(name: string): Promise<Credentials> {
	const credentials = { email: `${crypto.randomUUID()}@example.com`, password: 'an analytical engine' };
	const { status, text } = await post('/api/users', { ...credentials, name });
	if (status !== 201) throw new Error(`the account was not created: ${status} ${text}`);
	return credentials;
}

/** Replaces the access token of the next request to a path with an invalid one, as if the page’s token had expired. */
export const expire = (page: Page, path: string): Promise<unknown> =>
	page.route(
		({ pathname }) => pathname === path,
		(route) => route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer expired' } }),
		{ times: 1 },
	);
