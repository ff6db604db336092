import { expect, test } from 'vitest';
import { asOwner, deliver, freshDatabase, serving, servingEvents } from '../../tests/testing.ts';
import type { Entry } from './api.ts';
import * as events from './events.ts';
import declaration from './function.ts';
import * as http from './http.ts';

const ada = { name: 'Ada', message: 'I shall come again.' };

test('stores an entry, returns it, and announces it', async () => {
	const { fetch, ownerUrl = '' } = await serving(declaration, { http, events }, { ownerUrl: await freshDatabase() });
	const signed = await fetch('/api/guestbook', { method: 'POST', body: ada });
	const entry = (await signed.json()) as Entry;
	expect([signed.status, entry]).toEqual([201, expect.objectContaining({ ...ada, thanks: null })]);
	expect(await (await fetch(signed.headers.get('location') ?? '')).json()).toEqual(entry);
	expect(await (await fetch('/api/guestbook')).json()).toEqual([entry]);
	expect((await fetch('/api/guestbook/99')).status).toBe(404);
	const { rows } = await asOwner(ownerUrl, (db) => db.query('select subject, data from eventing.events'));
	expect(rows).toEqual([{ subject: String(entry.id), data: { entry_id: entry.id, name: 'Ada' } }]);
});

test.each([
	['body.name', { message: 'No name.' }],
	['body.message', { name: 'Ada', message: 'x'.repeat(501) }],
])('answers 422 and names a wrong %s', async (field, body) => {
	const { fetch } = await serving(declaration, { http, events }, { ownerUrl: await freshDatabase() });
	const answer = await fetch('/api/guestbook', { method: 'POST', body });
	expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ field }] }]);
});

test('thanks for an entry once', async () => {
	const ownerUrl = await freshDatabase();
	await asOwner(ownerUrl, (db) => db.query(`insert into guestbook.entries (name, message) values ('Ada', 'Hello')`));
	const handlers = await servingEvents(declaration, { events }, { ownerUrl });
	const id = crypto.randomUUID();
	for (const _ of ['first', 'repeated']) {
		const data = { entry_id: 1, name: 'Ada' };
		const event = { type: 'guestbook.signed', from: 'guestbook', subject: 1, id, data } as const;
		expect((await deliver(handlers, event)).status).toBe(204);
	}
	const { rows } = await asOwner(ownerUrl, (db) => db.query('select thanks from guestbook.entries'));
	expect(rows).toEqual([{ thanks: 'Thank you, Ada!' }]);
});
