import { expect, test } from 'vitest';
import * as finesEvents from '../../tests/library/fines/events.ts';
import fines from '../../tests/library/fines/function.ts';
import {
	asAdmin,
	asOwner,
	asUser,
	deliver,
	freshDatabase,
	recordedLog,
	recordingSink,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import type { Drill, LoggedEvent } from './api.ts';
import eventLog from './function.ts';
import * as http from './http.ts';

const trigger = 'fines-on-copy-reserved';
const loan = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 };

interface Drilled {
	/** Sends a request below /api/drills; returns the status and the body. */
	ask(method: string, path?: string, body?: unknown, headers?: Record<string, string>): Promise<[number, unknown]>;
	drills(): Promise<Drill[]>;
	/** Writes a copy.reserved event of the shelves function. */
	emit(id: string): Promise<void>;
	/** Delivers the event to fines; returns the status. */
	give(id: string): Promise<number>;
	deliveryOf(id: string): Promise<LoggedEvent['deliveries'][number] | undefined>;
	/** Returns the ids of the published events, in their order of arrival. */
	published(): string[];
	sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

async function serveDrills(): Promise<Drilled> {
	const ownerUrl = await freshDatabase();
	const sink = await recordingSink();
	const log = await serving(eventLog, { http }, { ownerUrl, env: { K_SINK: sink.url } });
	const consumer: Serving = await servingEvents(fines, { events: finesEvents }, { ownerUrl });
	const sql: Drilled['sql'] = (text, values) =>
		asOwner(ownerUrl, async (db) => (await db.query(text, values)).rows as Record<string, unknown>[]);
	const ask: Drilled['ask'] = async (method, path = '', body = undefined, headers = asAdmin) => {
		const answer = await log.fetch(`/api/drills${path}`, { method, body, headers });
		return [answer.status, await answer.json()];
	};
	return {
		ask,
		sql,
		drills: async () => (await ask('GET'))[1] as Drill[],
		emit: async (id) =>
			void (await sql(
				`insert into eventing.events (id, source, type, subject, dataschema, traceparent, data)
				 values ($1, '/functions/shelves', 'dev.bodega.copy.reserved', '1', 'urn:x', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', $2)`,
				[id, { ...loan, loan_id: Number(id) }],
			)),
		give: async (id) =>
			(
				await deliver(consumer, {
					type: 'copy.reserved',
					from: 'shelves',
					subject: 1,
					data: { ...loan, loan_id: Number(id) },
					id,
				})
			).status,
		deliveryOf: async (id) =>
			((await (await log.fetch(`/api/events/${id}`, { headers: asAdmin })).json()) as LoggedEvent).deliveries[0],
		published: () => sink.events.map(({ id }) => id),
	};
}

test('during a drill, every attempt fails, is rolled back, and is recorded with its error', async () => {
	recordedLog();
	const { ask, drills, emit, give, deliveryOf, published, sql } = await serveDrills();
	await emit('1');
	expect(await give('1')).toBe(204);
	expect(await ask('PUT', '/fines', {})).toEqual([200, expect.objectContaining({ function: 'fines', waiting: 0 })]);
	await emit('2');
	expect(await give('2')).toBe(500);
	expect(await give('2')).toBe(500);
	const error = expect.stringMatching(/^a drill: fines is broken on purpose until \d\d:\d\d UTC$/);
	expect(await deliveryOf('2')).toMatchObject({ status: 'failing', attempts: 2, failures: [{ error, times: 2 }] });
	expect(await sql('select loan_id from fines.fines')).toEqual([{ loan_id: 1 }]);
	expect(await sql(`select subject from eventing.events where type = 'dev.bodega.fine.issued'`)).toHaveLength(1);
	// A duplicate of an event that was already handled is accepted and ignored, as usual.
	expect(await give('1')).toBe(204);
	expect(await drills()).toMatchObject([{ function: 'fines', waiting: 1 }]);

	expect(await ask('DELETE', '/fines')).toEqual([200, { published: 1 }]);
	await expect.poll(published).toEqual(['2']);
	expect(await drills()).toEqual([]);
	expect(await give('2')).toBe(204);
	expect(await give('2')).toBe(204);
	expect(await deliveryOf('2')).toMatchObject({ status: 'handled', attempts: 3 });
	expect(await sql('select loan_id from fines.fines order by loan_id')).toEqual([{ loan_id: 1 }, { loan_id: 2 }]);
});

test('a drill does not affect other functions', async () => {
	const { ask, emit, give } = await serveDrills();
	await ask('PUT', '/shelves', {});
	await emit('1');
	expect(await give('1')).toBe(204);
});

test('ending a drill republishes failed, undelivered and dead events, but no handled or discarded ones', async () => {
	recordedLog();
	const { ask, emit, give, published, deliveryOf, sql } = await serveDrills();
	const resolve = (id: string, resolution: string | null) =>
		sql(
			`insert into eventing.dead_letters (source, event_id, trigger, event, resolution) values ('/functions/shelves', $1, $2, '{}', $3)`,
			[id, trigger, resolution],
		);
	for (const id of ['1', '2', '3', '4', '5', '6']) await emit(id);
	await sql(`update eventing.events set time = now() - interval '1 hour' where id in ('5', '6')`);
	await give('1');
	await ask('PUT', '/fines', {});
	// Event 5 is older than the drill but was delivered during it. Event 6 is older and was not delivered.
	for (const id of ['2', '5']) await give(id);
	await sql(`update eventing.events set time = now() where id in ('1', '2', '3', '4')`);
	await resolve('2', null);
	await resolve('4', 'discarded');
	expect(await deliveryOf('2')).toMatchObject({ status: 'dead' });
	expect(await ask('GET')).toMatchObject([200, [{ waiting: 3 }]]);
	expect(await ask('DELETE', '/fines')).toEqual([200, { published: 3 }]);
	await expect.poll(() => published().sort()).toEqual(['2', '3', '5']);
	expect(await sql(`select event_id, resolution from eventing.dead_letters order by event_id`)).toEqual([
		{ event_id: '2', resolution: 'replayed' },
		{ event_id: '4', resolution: 'discarded' },
	]);
});

test('a drill can be extended, and ends automatically after its last duration', async () => {
	const { ask, drills, emit, give, sql } = await serveDrills();
	const minutesLeft = async () =>
		(await sql('select round(extract(epoch from ends_at - started_at) / 60)::int as minutes from eventing.drills'))[0];
	await ask('PUT', '/fines', { minutes: 1 });
	expect(await minutesLeft()).toEqual({ minutes: 1 });
	const [first] = await drills();
	expect(first?.seconds_left).toBeGreaterThan(0);
	expect(first?.seconds_left).toBeLessThanOrEqual(60);
	await ask('PUT', '/fines', {});
	expect(await minutesLeft()).toEqual({ minutes: 5 });
	expect((await drills())[0]?.started_at).toBe(first?.started_at);

	// It ended, or the clock was set back by an hour since it began.
	for (const ends_at of [`now()`, `now() + interval '61 minutes'`]) {
		await sql(`update eventing.drills set ends_at = ${ends_at}`);
		expect(await drills()).toEqual([]);
	}
	await emit('1');
	expect(await give('1')).toBe(204);
	// Events from an expired drill can still be republished, until another drill begins.
	await emit('2');
	expect(await ask('DELETE', '/fines')).toEqual([200, { published: 1 }]);
	await ask('PUT', '/fines', {});
	await sql(`update eventing.drills set started_at = now() - interval '1 hour', ends_at = now()`);
	await ask('PUT', '/fines', {});
	expect(await minutesLeft()).toEqual({ minutes: 5 });
});

test('rejects a drill of a function that does not react to events, or of an invalid duration', async () => {
	const { ask, drills } = await serveDrills();
	for (const fn of ['data', 'event-log', 'nowhere'])
		expect(await ask('PUT', `/${fn}`, {})).toEqual([
			404,
			expect.objectContaining({ detail: expect.stringMatching(new RegExp(`"${fn}".* fines\\b.* loans\\b.* shelves`)) }),
		]);
	for (const minutes of [0, 11, 1.5, 'five']) expect((await ask('PUT', '/fines', { minutes }))[0]).toBe(422);
	expect(await ask('DELETE', '/fines')).toEqual([404, expect.anything()]);
	expect(await drills()).toEqual([]);
});

test('only an admin can see, start or end drills', async () => {
	const { ask, drills } = await serveDrills();
	for (const [method, path] of [
		['GET', ''],
		['PUT', '/fines'],
		['DELETE', '/fines'],
	] as const) {
		expect((await ask(method, path, undefined, {}))[0]).toBe(401);
		expect((await ask(method, path, undefined, asUser()))[0]).toBe(403);
	}
	expect(await drills()).toEqual([]);
});
