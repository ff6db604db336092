import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import * as finesEvents from '../../../tests/library/fines/events.ts';
import fines from '../../../tests/library/fines/function.ts';
import {
	asAdmin,
	asOwner,
	asUser,
	deliver,
	freshDatabase,
	listen,
	recordedLog,
	recordingSink,
	type Serving,
	serving,
	servingEvents,
} from '../../../tests/testing.ts';
import type { Drill, LoggedEvent } from '../api.ts';
import eventLog from '../function.ts';
import * as http from '../http.ts';

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

async function serveDrills(env: Record<string, string> = {}): Promise<Drilled> {
	const ownerUrl = await freshDatabase();
	const sink = await recordingSink();
	const log = await serving(eventLog, { http }, { ownerUrl, env: { K_SINK: sink.url, ...env } });
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

test('with latency, each handling takes longer, and no event fails', async () => {
	const { ask, emit, give, deliveryOf } = await serveDrills();
	expect(await ask('PUT', '/fines', { kind: 'latency', milliseconds: 300 })).toMatchObject([
		200,
		{ kind: 'latency', milliseconds: 300, percent: null },
	]);
	await emit('1');
	const began = performance.now();
	expect(await give('1')).toBe(204);
	expect(performance.now() - began).toBeGreaterThan(0.9 * 300);
	expect(await deliveryOf('1')).toMatchObject({ status: 'handled', attempts: 1, drill_until: null });
});

test('with a percentage of failures, as many attempts fail, and a retry has a chance of its own', async () => {
	recordedLog();
	const { ask, emit, give, deliveryOf, sql } = await serveDrills();
	expect(await ask('PUT', '/fines', { kind: 'failures', percent: 40 })).toMatchObject([200, { percent: 40 }]);
	// The start, the events and the attempts decide, so the outcome is the same in each run.
	await sql(`update eventing.drills set started_at = '2026-01-05T09:00:00Z'`);
	const ids = Array.from({ length: 30 }, (_, index) => String(index + 1));
	for (const id of ids) await emit(id);
	const failing = async (those: string[]): Promise<string[]> => {
		const statuses = await Promise.all(those.map(give));
		return those.filter((_, index) => statuses[index] !== 204);
	};
	const first = await failing(ids);
	expect(first.length / ids.length).toBeCloseTo(0.4, 0);
	const [one = ''] = first;
	expect(await deliveryOf(one)).toMatchObject({
		status: 'failing',
		attempts: 1,
		drill_until: expect.anything(),
		failures: [{ error: expect.stringMatching(/^a drill: fines fails 40 % of its attempts on purpose until/) }],
	});
	const second = await failing(first);
	expect(second.length).toBeGreaterThan(0);
	expect(second.length).toBeLessThan(first.length);
	let left = second;
	for (let round = 0; left.length && round < 20; round += 1) left = await failing(left);
	expect(left).toEqual([]);
});

test('poisons the next event of a type: no attempt handles it, the Broker is not to retry, and its letter stays', async () => {
	recordedLog();
	const { ask, drills, emit, give, deliveryOf, published, sql } = await serveDrills();
	const type = 'dev.bodega.copy.reserved';
	await emit('1');
	expect(await ask('PUT', '/fines', { kind: 'poison', type })).toMatchObject([200, { type, event: null }]);
	await emit('2');
	await emit('3');
	expect(await drills()).toMatchObject([{ kind: 'poison', event: '2', waiting: 2 }]);
	for (const id of ['1', '3']) expect(await give(id)).toBe(204);
	for (const _ of ['first', 'again']) expect(await give('2')).toBe(422);
	const error = expect.stringMatching(/^a drill: this event is poison for fines until \d\d:\d\d UTC$/);
	expect(await deliveryOf('2')).toMatchObject({ status: 'failing', attempts: 2, failures: [{ error, times: 2 }] });
	// Extending the drill poisons no other event.
	await ask('PUT', '/fines', { kind: 'poison', type });
	await emit('4');
	expect(await give('4')).toBe(204);
	await sql(
		`insert into eventing.dead_letters (source, event_id, trigger, event) values ('/functions/shelves', '2', $1, '{}')`,
		[trigger],
	);
	expect(await ask('DELETE', '/fines')).toEqual([200, { published: 0 }]);
	expect(published()).toEqual([]);
	expect(await deliveryOf('2')).toMatchObject({ status: 'dead', resolution: null, drill_until: null });
	expect(await give('2')).toBe(204);
});

test('an emission that is rolled back leaves its poison to the next one', async () => {
	const { ask, drills, emit, sql } = await serveDrills();
	await ask('PUT', '/fines', { kind: 'poison', type: 'dev.bodega.copy.reserved' });
	await expect(
		sql(`insert into eventing.events (id, source, type, subject, dataschema, traceparent, data)
			values ('1', '/functions/shelves', 'dev.bodega.copy.reserved', '1', 'urn:x', '', '{}'), ('1', '/functions/shelves', '', '', '', '', '{}')`),
	).rejects.toThrow('duplicate key');
	expect(await drills()).toMatchObject([{ event: null }]);
	await emit('2');
	expect(await drills()).toMatchObject([{ event: '2' }]);
});

test('a drill of the Broker kills it, and its end republishes what no function has handled since', async () => {
	const killed: (string | undefined)[] = [];
	const runner = await listen(
		createServer((req, res) => {
			killed.push(req.method, req.url);
			res.writeHead(204).end();
		}),
	);
	const { ask, drills, emit, give, published } = await serveDrills({ BROKER_KILL_URL: `${runner}/its-token` });
	await emit('0');
	expect(await ask('PUT', '/broker', { kind: 'broker', minutes: 1 })).toMatchObject([200, { function: 'broker' }]);
	expect(killed).toEqual(['POST', '/its-token']);
	for (const id of ['1', '2']) await emit(id);
	expect(await give('1')).toBe(204);
	expect(await drills()).toMatchObject([{ kind: 'broker', waiting: 3 }]);
	// The third is the event that the handling has emitted.
	expect(await ask('DELETE', '/broker')).toEqual([200, { published: 3 }]);
	await expect.poll(published).toEqual(expect.arrayContaining(['0', '2']));
	expect(published()).not.toContain('1');
});

test('where no function can kill the Broker, says how an operator does it, and stores no drill', async () => {
	for (const [env, command] of [
		[{}, 'docker compose restart broker'],
		[{ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'npx bodega drill broker'],
	] as const) {
		const { ask, drills } = await serveDrills(env);
		const detail = expect.stringContaining(command);
		expect(await ask('PUT', '/broker', { kind: 'broker' })).toEqual([409, expect.objectContaining({ detail })]);
		expect(await drills()).toEqual([]);
	}
});

test('rejects what does not fit the kind, and says what was expected', async () => {
	const { ask, drills } = await serveDrills();
	for (const [path, body, field, detail] of [
		['/fines', { percent: 5 }, 'body.percent', /expected only with the kind "failures".*with the kind "outage"/],
		['/fines', { kind: 'failures', milliseconds: 5 }, 'body.milliseconds', /expected only with the kind "latency"/],
		['/fines', { kind: 'poison' }, 'body.type', /found nothing: dev\.bodega\.copy\.reserved/],
		['/fines', { kind: 'poison', type: 'fine.issued' }, 'body.type', /that fines reacts to, found "fine\.issued"/],
		['/fines', { kind: 'broker' }, 'body.kind', /send that to PUT \/api\/drills\/broker/],
		['/broker', {}, 'body.kind', /expected "broker".*found "outage"/],
		['/fines', { kind: 'failures', percent: 100 }, 'body.percent', /./],
		['/fines', { kind: 'latency', milliseconds: 2001 }, 'body.milliseconds', /./],
	] as const)
		expect(await ask('PUT', path, body)).toEqual([
			422,
			expect.objectContaining({ errors: [{ field, detail: expect.stringMatching(detail) }] }),
		]);
	expect(await drills()).toEqual([]);
});

test('says which admin has started a drill', async () => {
	const { ask } = await serveDrills();
	const [, payload = ''] = asAdmin.authorization.split('.');
	const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString());
	expect(await ask('PUT', '/fines', {})).toMatchObject([200, { started_by: sub }]);
});
