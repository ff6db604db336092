import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import * as finesEvents from '../../tests/library/fines/events.ts';
import fines from '../../tests/library/fines/function.ts';
import '../../tests/library/catalog.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import {
	asAdmin,
	asOwner,
	asUser,
	freshDatabase,
	recordedLog,
	recordingSink,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import type { LoggedEvent } from './api.ts';
import eventLog from './function.ts';
import * as http from './http.ts';

// The contract has the types that the catalog had when it was loaded, so not always those of the library.
const type = 'dev.bodega.account.deleted';
const account_id = '0198c0de-0000-7000-8000-000000000001';
const data = { account_id };
const input = { type, subject: account_id, data };

/** Serves the log. `publish` sends an event by hand, as an admin by default. */
async function serveLog() {
	const ownerUrl = await freshDatabase();
	const sink = await recordingSink();
	const { fetch } = await serving(eventLog, { http }, { ownerUrl, env: { K_SINK: sink.url } });
	const publish = (body: object, headers = asAdmin): Promise<Response> =>
		fetch('/api/events', { method: 'POST', headers, body });
	const count = (table: string): Promise<number> =>
		asOwner(ownerUrl, async (db) => (await db.query(`select count(*)::int as count from ${table}`)).rows[0].count);
	return { ownerUrl, sink, fetch, publish, count };
}

test('publishes an event by hand, which shows who published it to admins only', async () => {
	const { sink, fetch, publish } = await serveLog();
	const answer = await publish(input);
	expect(answer.status).toBe(201);
	const event = (await answer.json()) as LoggedEvent;
	expect(event).toMatchObject({ ...input, source: '/admin', cause: null, published_by: expect.any(String) });
	expect(event.dataschema).toBe('urn:bodega:event:account.deleted:1');
	expect(answer.headers.get('location')).toBe(`/api/events/${event.id}`);
	await expect.poll(() => sink.events).toEqual([{ id: event.id, type, data }]);
	const seen = await (await fetch(`/api/events/${event.id}`, { headers: asUser(randomUUID()) })).json();
	expect(seen).toMatchObject({ id: event.id, source: '/admin' });
	expect(Object.keys(seen as object)).not.toContain('published_by');
});

test('a function handles an event that was published by hand exactly once', async () => {
	const { ownerUrl, count } = await serveLog();
	const fine = { loan_id: 7, amount: '0.50' };
	const id = await asOwner(roleUrl(ownerUrl, 'event-log'), async (db) => {
		const values = ['dev.bodega.fine.requested', '7', 'urn:x', '00', fine, account_id];
		const { rows } = await db.query('select eventing.publish_by_hand($1, $2, $3, $4, $5, $6) as id', values);
		return rows[0].id as string;
	});
	const consumer = await servingEvents(fines, { events: finesEvents }, { ownerUrl });
	const attributes = {
		'ce-specversion': '1.0',
		'ce-id': id,
		'ce-type': 'dev.bodega.fine.requested',
		'ce-subject': '7',
	};
	const deliver = (from: string): Promise<Response> =>
		consumer.fetch('/', { method: 'POST', headers: { ...attributes, 'ce-source': from }, body: fine });
	for (const _ of [1, 2]) expect((await deliver('/admin')).status).toBe(204);
	expect(await count('fines.fines')).toBe(1);
	// The same content under the name of a function is a forgery.
	recordedLog();
	expect((await deliver('/functions/fines')).status).toBe(403);
});

test('rejects an event that does not match the catalog with 422 that names the fields, and stores nothing', async () => {
	const { publish, count } = await serveLog();
	for (const [body, ...fields] of [
		[{ ...input, type: 'dev.bodega.never.declared' }, 'body.type'],
		[{ ...input, type: 'account.deleted' }, 'body.type'],
		[{ ...input, subject: '' }, 'body.subject'],
		[{ ...input, data: { account_id: 'seven' } }, 'body.data.account_id'],
		[{ ...input, subject: '', data: {} }, 'body.subject', 'body.data.account_id'],
		[{ type, subject: account_id }, 'body.data'],
	] as const) {
		const answer = await publish(body);
		const { errors } = (await answer.json()) as { errors: { field: string }[] };
		expect([answer.status, errors.map(({ field }) => field)]).toEqual([422, fields]);
	}
	expect(await count('eventing.events')).toBe(0);
});

test('only an admin can publish by hand', async () => {
	const { publish, count } = await serveLog();
	expect((await publish(input, asUser())).status).toBe(403);
	expect((await publish(input, {} as typeof asAdmin)).status).toBe(401);
	expect(await count('eventing.events')).toBe(0);
});

test('the database lets only the event log publish by hand, and only types that a function declares', async () => {
	const { ownerUrl, publish, count } = await serveLog();
	const call = `select eventing.publish_by_hand('${type}', '1', 'urn:x', '00', '{}', 'me')`;
	for (const name of ['loans', 'relay'])
		await expect(asOwner(roleUrl(ownerUrl, name), (db) => db.query(call))).rejects.toMatchObject({ code: '42501' });
	await asOwner(ownerUrl, (db) => db.query('delete from eventing.emissions where type = $1', [type]));
	const answer = await publish(input);
	expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ field: 'body.type' }] }]);
	expect(await count('eventing.events')).toBe(0);
});

test('lists the types of the catalog with an example that can be published', async () => {
	const { fetch, publish } = await serveLog();
	const types = (await (await fetch('/api/event-types')).json()) as { type: string; example: object }[];
	const one = types.find((each) => each.type === type);
	expect((await publish({ ...input, data: one?.example })).status).toBe(201);
});
