import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, expect, inject, onTestFinished } from 'vitest';
import { post } from '../acceptance/setup/visitor.ts';
import { patience } from '../run/patience.ts';
import { launchChromium } from './chromium.ts';

const shop = inject('shop');
const address = new URL(shop.url);
/** The shop's own address, as a browser is given it. */
export const origin = `http://${shop.hosts['gateway']}${address.port && `:${address.port}`}`;

// The cluster's names are known to nobody else here.
const browser = await launchChromium(
	shop.target === 'cluster' ? [`--host-resolver-rules=MAP ${shop.hosts['gateway']} ${address.hostname}`] : [],
);
afterAll(() => browser.close());

export interface Visit extends BrowserContextOptions {
	/** Who visits: a stranger unless said. */
	readonly as?: 'admin' | Credentials;
	/** What the console may say: a page cannot keep the browser from noting answers that are no success. */
	readonly noise?: RegExp;
}

export interface Credentials {
	readonly email: string;
	readonly password: string;
}

export const admin: Credentials = { email: 'admin@bodega.local', password: shop.adminPassword };

/** Opens the page at a path in a browser of its own. When the test ends nothing may have been logged to the console. */
export async function open(path: string, { noise, ...visit }: Visit = {}): Promise<Page> {
	const { page, said } = await newPage(visit);
	onTestFinished(async () => {
		await page.context().close();
		expect(said.filter((line) => !noise?.test(line))).toEqual([]);
	});
	await page.goto(path);
	return page;
}

/** A page in a browser of its own, and what it logs to the console. */
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

/** What the browser notes of an answer that is no success, of these statuses. */
export const answers = (...statuses: readonly number[]): RegExp =>
	new RegExp(`Failed to load resource: the server responded with a status of (${statuses.join('|')})`);

/** What the browser notes when there is no answer. */
export const noAnswer = /net::ERR_/;

/** Signs in as the page would have: the session's cookie, and that there is one. */
async function signIn(context: BrowserContext, { email, password }: Credentials): Promise<void> {
	const { status, text, headers } = await post('/api/users/session', { email, password });
	const [, name, value] = /^([^=]+)=([^;]+)/.exec(String(headers['set-cookie'])) ?? [];
	if (status !== 200 || !name || !value) throw new Error(`${email} could not sign in: ${status} ${text}`);
	const cookie = { name, value, domain: new URL(origin).hostname, path: '/api/users/session' };
	await context.addCookies([{ ...cookie, httpOnly: true, sameSite: 'Strict' }]);
	await context.addInitScript(() => localStorage.setItem('bodega.signed-in', 'yes'));
}

/** An account of the test's own. */
export async function newAccount(name: string): Promise<Credentials> {
	const credentials = { email: `${crypto.randomUUID()}@example.com`, password: 'an analytical engine' };
	const { status, text } = await post('/api/users', { ...credentials, name });
	if (status !== 201) throw new Error(`no account: ${status} ${text}`);
	return credentials;
}
