import { globSync } from 'node:fs';
import { join } from 'node:path';

/** A screen of the page, and the visitor who opens it. */
export interface Screen {
	readonly name: string;
	readonly path: string;
	readonly as?: 'admin';
	/** Whether it also has screenshots by night and on a phone. */
	readonly looks?: true;
}

/** Sends a request, a POST if there is a body, and returns the body of the answer. */
export type Ask = <Answer>(path: string, body?: object) => Promise<Answer>;

/** The default export of each `screens.ts` in the folders beside this file: makes the records that the screens show. */
export type Screens = (ask: Ask) => Promise<readonly Screen[]>;

const base: readonly Screen[] = [
	{ name: 'sign-in', path: '/sign-in' },
	{ name: 'sign-up', path: '/sign-up' },
	{ name: 'account', path: '/account', as: 'admin' },
	{ name: 'functions', path: '/functions' },
	{ name: 'events', path: '/events' },
	{ name: 'map', path: '/map' },
	{ name: 'dead-letters', path: '/dead-letters', as: 'admin' },
	{ name: 'admin-users', path: '/admin/users', as: 'admin' },
	{ name: 'admin-data', path: '/admin/data', as: 'admin' },
	{ name: 'admin-table', path: '/admin/data/users.users?sort=-email', as: 'admin' },
];

/** Returns every screen, for the tests that check all of them and for the screenshots. */
export async function screensOf(origin: string): Promise<readonly Screen[]> {
	const ask: Ask = async (path, body) => {
		const headers = { 'content-type': 'application/json', prefer: 'wait=30' };
		const sent = body && { method: 'POST', body: JSON.stringify(body) };
		const answer = await fetch(`${origin}${path}`, { headers, ...sent });
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
		return await answer.json();
	};
	const screens = [...base];
	for (const file of globSync('*/screens.ts', { cwd: import.meta.dirname }).sort()) {
		const { default: more } = (await import(join(import.meta.dirname, file))) as { default: Screens };
		screens.push(...(await more(ask)));
	}
	// A function can show a screen with its own records, and the parts of a screen all name it.
	return [...new Map(screens.map((screen) => [screen.name, screen])).values()];
}
