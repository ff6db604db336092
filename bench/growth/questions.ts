import type { Browser } from 'playwright-core';
import { request } from 'undici';
import { functions } from '../../functions/index.ts';
import { shop as product } from '../../shop.ts';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { signInAsAdmin } from '../../tests/acceptance/setup/sign-in.ts';
import { screensOf } from '../../tests/browser/screens.ts';
import { Client, type Hints, operationsOf } from '../../tests/indexes/client.ts';

/** A GET that can be sent to a shop. */
export interface Question {
	/** The operation or the screen that sends it. */
	readonly from: string;
	/** The same in each shop, whatever the ids of its rows. */
	readonly name: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
}

/** Operations whose answer does not come from the shop's own tables, or is a stream, or reads every row: the exports. */
const unasked = ['getWeather', 'readLog', 'getCode', 'getDrill', 'getTrace'];

/** Returns the requests of an admin to every GET operation. */
export async function operationQuestions(shop: Reach, hints: Hints): Promise<Question[]> {
	const headers = await signInAsAdmin(shop);
	const client = new Client((path, init) => fetch(`${shop.url}${path}`, init), { admin: headers }, hints);
	const operations = functions.flatMap(({ name, data }) => (data ? operationsOf(name) : []));
	const questions: Question[] = [];
	for (const operation of operations)
		if (operation.method === 'GET' && !unasked.includes(operation.id))
			for (const { name, path } of await client.requestsTo(operation))
				if (!/format=csv/.test(name)) questions.push({ from: operation.id, name, path, headers });
	return questions;
}

/** The time in which a screen asks all that it needs, in milliseconds. Its streams and polls go on. */
const settling = 1_500;

/** Opens every screen in a browser, and returns what the page asked. */
export async function screenQuestions(browser: Browser, shop: Reach): Promise<Question[]> {
	const headers = await signInAsAdmin(shop);
	const questions = new Map<string, Question>();
	for (const screen of await screensOf(shop.url)) {
		const context = await browser.newContext({ baseURL: shop.url });
		if (screen.as === 'admin') {
			const data = { email: product.firstAdmin, password: shop.adminPassword };
			await context.request.post('/api/users/session', { data });
			// As the page notes that a session exists.
			await context.addInitScript(() => localStorage.setItem('bodega.signed-in', 'yes'));
		}
		const page = await context.newPage();
		page.on('request', (sent) => {
			const url = new URL(sent.url());
			const accept = sent.headers()['accept'] ?? '';
			if (!url.pathname.startsWith('/api/') || sent.method() !== 'GET' || accept.includes('event-stream')) return;
			const path = url.pathname + url.search;
			const name = path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\b\d+\b/g, 'ID');
			questions.set(`${screen.name} ${name}`, {
				from: `screen ${screen.name}`,
				name,
				path,
				headers: screen.as === 'admin' ? headers : {},
			});
		});
		await page.goto(screen.path);
		await page.waitForTimeout(settling);
		await context.close();
	}
	return [...questions.values()];
}

export interface Answered {
	/** In milliseconds. */
	readonly time: number;
	readonly status: number;
}

export async function ask(shop: Reach, { path, headers }: Question): Promise<Answered> {
	const start = performance.now();
	const answer = await request(`${shop.url}${path}`, { headers: { ...headers } });
	await answer.body.dump({ limit: 100_000_000 });
	return { time: performance.now() - start, status: answer.statusCode };
}
