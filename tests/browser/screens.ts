import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { attributeOf } from '../../eventing/catalog/catalog.ts';

/** A screen of the page, and the visitor who opens it. */
export interface Screen {
	readonly name: string;
	readonly path: string;
	readonly as?: 'admin';
	/** Whether it also has screenshots by night and on a phone. */
	readonly looks?: true;
}

/** Sends a request, a POST if there is a body, and returns the body of the answer. */
export type Ask = <Answer>(path: string, body?: object, init?: RequestInit) => Promise<Answer>;

/** The default export of each `screens.ts` in the folders beside this file: makes the records that the screens show. */
export type Screens = (ask: Ask) => Promise<readonly Screen[]>;

/** The default export of each `pictures.ts` there: takes pictures for the documents, as an admin, that need more than opening a screen. */
export type Pictures = (page: Page, save: (name: string) => Promise<void>) => Promise<void>;

const base: readonly Screen[] = [
	{ name: 'sign-in', path: '/sign-in' },
	{ name: 'sign-up', path: '/sign-up' },
	{ name: 'account', path: '/account', as: 'admin' },
	{ name: 'functions', path: '/functions' },
	{ name: 'function', path: '/functions/event-log', as: 'admin' },
	{ name: 'events', path: '/events' },
	{ name: 'trace', path: `/traces/${'1'.repeat(32)}`, as: 'admin' },
	{ name: 'map', path: '/map' },
	{ name: 'dead-letters', path: '/dead-letters', as: 'admin' },
	{ name: 'admin-users', path: '/admin/users', as: 'admin' },
	{ name: 'admin-data', path: '/admin/data', as: 'admin' },
	{ name: 'admin-table', path: '/admin/data/users.users?sort=-email', as: 'admin' },
];

/** Deletes an account, and returns the id of the event that announces it: the one event of every shop. */
async function deleteAccount(ask: Ask): Promise<string> {
	const account = { email: `${crypto.randomUUID()}@example.com`, name: 'Ada', password: 'an analytical engine' };
	await ask('/api/users', account);
	const { access_token } = await ask<{ access_token: string }>('/api/users/session', account);
	const headers = { 'content-type': 'application/json', authorization: `Bearer ${access_token}` };
	await ask('/api/users/me', { current_password: account.password }, { method: 'DELETE', headers });
	const [event] = await ask<{ id: string }[]>(`/api/events?type=${attributeOf('account.deleted')}`);
	return event?.id ?? '';
}

/** Returns every screen, for the tests that check all of them and for the screenshots. */
export async function screensOf(origin: string): Promise<readonly Screen[]> {
	const ask: Ask = async (path, body, init) => {
		const headers = { 'content-type': 'application/json', prefer: 'wait=30' };
		const sent = body && { method: 'POST', body: JSON.stringify(body) };
		const answer = await fetch(`${origin}${path}`, { headers, ...sent, ...init });
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
		return answer.status === 204 ? undefined : await answer.json();
	};
	const event: Screen = { name: 'event', path: `/events/${await deleteAccount(ask)}`, as: 'admin' };
	const screens = [...base, event];
	for (const file of globSync('*/screens.ts', { cwd: import.meta.dirname }).sort()) {
		const { default: more } = (await import(join(import.meta.dirname, file))) as { default: Screens };
		screens.push(...(await more(ask)));
	}
	// A function can show a screen with its own records, and the parts of a screen all name it.
	return [...new Map(screens.map((screen) => [screen.name, screen])).values()];
}
