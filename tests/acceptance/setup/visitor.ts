import { setTimeout as after } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { inject, onTestFinished } from 'vitest';
import { clusterFaults } from './cluster.ts';
import { composeFaults } from './compose.ts';
import type { Faults } from './faults.ts';
import { laptopFaults } from './laptop.ts';
import { signInAsAdmin } from './sign-in.ts';

const shop = inject('shop');
const agent = new Agent({ connections: 100 });

export const { target } = shop;
export const faults: Faults = { local: laptopFaults, compose: composeFaults, cluster: clusterFaults }[target](shop);
/** The headers of the admin. They are renewed, because a test file can run longer than an access token is valid. */
export const asAdmin = await signInAsAdmin(shop);
setInterval(() => {
	// A fault that a test has injected can make this fail; the current token outlasts the next two attempts.
	signInAsAdmin(shop).then(
		(headers) => Object.assign(asAdmin, headers),
		() => {},
	);
}, 5 * 60_000).unref();

export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly text: string;
	// biome-ignore lint/suspicious/noExplicitAny: any JSON body; each test states what it expects
	readonly json: any;
}

export interface Sent {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** An object is sent as JSON, a string unchanged. */
	readonly body?: unknown;
}

/** Sends a request to a function's own route; `gateway` leads to the whole shop. */
export async function visit(
	service: string,
	path: string,
	{ method = 'GET', headers = {}, body }: Sent = {},
): Promise<Answer> {
	const answer = await request(`${shop.url}${path}`, {
		dispatcher: agent,
		method: method as 'GET',
		headers: {
			host: shop.hosts[service] ?? '',
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
	});
	const text = await answer.body.text();
	const isJson = /json/.test(String(answer.headers['content-type']));
	return {
		status: answer.statusCode,
		headers: answer.headers,
		text,
		json: isJson && text ? JSON.parse(text) : undefined,
	};
}

/**
 * Polls `look` every 200 ms until it returns a value. The default time-out leaves the relay time to republish twice what a
 * broker has lost.
 * @throws {Error} naming `what` after `seconds`.
 */
export async function eventually<T>(
	what: string,
	look: () => Promise<T | undefined | false>,
	seconds = 240,
): Promise<T> {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const seen = await look();
		if (seen !== undefined && seen !== false) return seen;
		if (Date.now() > end) throw new Error(`timed out after ${seconds} s waiting for: ${what}`);
		await after(200);
	}
}

export const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
	visit('gateway', path, { method: 'POST', body, headers });

/** An environment with which a function starts but cannot reach its database. */
const brokenDatabase = { DATABASE_URL: 'postgresql://nobody:nothing@127.0.0.1:9/nowhere' };

/** Breaks a function through its environment until the returned function is called or the test ends. */
export async function breakFunction(
	service: string,
	env: Readonly<Record<string, string>> = brokenDatabase,
): Promise<() => Promise<void>> {
	let mended = false;
	const mend = async (): Promise<void> => {
		if (mended) return;
		await faults.setEnvironment(service, {});
		mended = true;
	};
	onTestFinished(mend);
	await faults.setEnvironment(service, env);
	return mend;
}
