import { expect, test } from 'vitest';
import {
	asAdmin,
	asOwner,
	asUser,
	freshDatabase,
	recordingSink,
	type Serving,
	serving,
	servingEvents,
} from '../../tests/testing.ts';
import '../../tests/library/catalog.ts';
import type { DeadLetter, LoggedEvent } from './api.ts';
import * as events from './events.ts';
import eventLog from './function.ts';
import * as http from './http.ts';

const room = { http, events };
const trigger = 'shelves-on-loan-requested';
const loan = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 };

interface Log extends Serving {
	readonly ownerUrl: string;
	/** Runs SQL as the database's owner. */
	sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
	/** Writes an event of the loans function. */
	emit(id: string, type?: string, subject?: string): Promise<void>;
	/** Sends an event to the dead letter sink as a Broker does, with the trigger's name as the path. */
	giveUp(id: string, headers?: Record<string, string>, by?: string): Promise<Response>;
	deadLetters(): Promise<DeadLetter[]>;
	stateOf(id: string): Promise<string | undefined>;
}

async function serveLog(env: Record<string, string> = {}): Promise<Log> {
	const ownerUrl = await freshDatabase();
	const served = await serving(eventLog, room, { ownerUrl, env });
	const sink = await servingEvents(eventLog, room, { ownerUrl });
	const sql: Log['sql'] = (text, values) =>
		asOwner(ownerUrl, async (db) => (await db.query(text, values)).rows as Record<string, unknown>[]);
	const emit: Log['emit'] = async (id, type = 'dev.bodega.loan.requested', subject = '1') =>
		void (await sql(
			`insert into eventing.events (id, source, type, subject, dataschema, traceparent, data)
				 values ($1, '/functions/loans', $2, $3, 'urn:x', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', $4) on conflict do nothing`,
			[id, type, subject, loan],
		));
	return {
		...served,
		ownerUrl,
		sql,
		emit,
		giveUp: async (id, headers = {}, by = trigger) => {
			await emit(id);
			return sink.fetch(`/${by}`, {
				method: 'POST',
				headers: {
					'ce-specversion': '1.0',
					'ce-id': id,
					'ce-source': '/functions/loans',
					'ce-type': 'dev.bodega.loan.requested',
					'ce-subject': '1',
					...headers,
				},
				body: loan,
			});
		},
		deadLetters: async () =>
			(await (await served.fetch('/api/dead-letters', { headers: asAdmin })).json()) as DeadLetter[],
		stateOf: async (id) =>
			((await (await served.fetch(`/api/events/${id}`)).json()) as LoggedEvent).deliveries[0]?.status,
	};
}

test('shows an event with a delivery for each of its triggers, from pending to handled', async () => {
	const { emit, sql, fetch } = await serveLog();
	await emit('1');
	const delivery = async (): Promise<unknown> =>
		((await (await fetch('/api/events/1', { headers: asAdmin })).json()) as LoggedEvent).deliveries;
	const unknown = { retry_after: null, resolution: null, drill_until: null, received_at: null, handled_at: null };
	const untried = { trigger, function: 'shelves', attempts: 0, failures: [], unlisted_failures: 0, ...unknown };
	expect(await delivery()).toEqual([{ ...untried, status: 'pending' }]);
	const [first, second] = [{ at: '2026-01-02T03:04:05.600Z', error: 'no shelf' }, { at: '2026-01-02T03:04:06.700Z' }];
	// An older release stored each attempt on its own.
	const stored = [first, { ...second, publication: 'first', error: 'still no shelf', times: 2, first_at: first.at }];
	const failures = [{ ...first, publication: null, times: 1, first_at: first.at }, stored[1]];
	const received_at = '2026-01-02T03:04:06.678Z';
	await sql(
		`insert into eventing.deliveries (source, id, trigger, attempts, failures, received_at) values ('/functions/loans', '1', $1, 5, $2, $3)`,
		[trigger, JSON.stringify(stored), received_at],
	);
	const tried = { ...untried, attempts: 5, failures, received_at };
	// The Broker pauses one second after the second attempt of a publication.
	const retry_after = '2026-01-02T03:04:07.700Z';
	expect(await delivery()).toEqual([{ ...tried, status: 'failing', unlisted_failures: 2, retry_after }]);
	const handled_at = '2026-01-02T03:04:07.000Z';
	await sql('update eventing.deliveries set handled_at = $1', [handled_at]);
	expect(await delivery()).toEqual([{ ...tried, status: 'handled', unlisted_failures: 1, handled_at }]);
});

test('an event in the dead letter sink is dead, and discarded after an admin discards it', async () => {
	const { emit, giveUp, deadLetters, stateOf, fetch } = await serveLog();
	await emit('1');
	expect((await giveUp('1')).status).toBe(204);
	expect(await stateOf('1')).toBe('dead');
	const [letter] = await deadLetters();
	const discard = (): Promise<Response> =>
		fetch(`/api/dead-letters/${letter?.id}`, { method: 'DELETE', headers: asAdmin });
	expect((await discard()).status).toBe(204);
	expect(await stateOf('1')).toBe('discarded');
	expect(await deadLetters()).toEqual([]);
	expect((await discard()).status).toBe(404);
});

test('a dead letter that is handled after all is not listed as a dead letter', async () => {
	const { emit, giveUp, sql, stateOf, deadLetters, fetch } = await serveLog();
	await emit('1');
	await giveUp('1');
	await sql(
		`insert into eventing.deliveries (source, id, trigger, attempts, handled_at) values ('/functions/loans', '1', $1, 9, now())`,
		[trigger],
	);
	expect(await stateOf('1')).toBe('handled');
	expect(await deadLetters()).toEqual([]);
	const replay = await fetch('/api/dead-letters/replay', { method: 'POST', headers: asAdmin });
	expect(await replay.json()).toEqual({ replayed: 0 });
});

test('stores a dead letter with its destination, status and response', async () => {
	const { giveUp, deadLetters } = await serveLog();
	const answer = await giveUp('1', {
		'ce-time': '2026-01-02T03:04:05Z',
		'ce-dataschema': 'urn:bodega:event:loan.requested:1',
		'ce-knativeerrordest': 'http://shelves-events.bodega.svc.cluster.local/',
		'ce-knativeerrorcode': '500',
		'ce-knativeerrordata': Buffer.from('no shelf — für nichts').toString('base64'),
	});
	expect(answer.status).toBe(204);
	const [letter] = await deadLetters();
	expect(letter).toMatchObject({
		trigger,
		destination: 'http://shelves-events.bodega.svc.cluster.local/',
		code: 500,
		error: 'no shelf — für nichts',
		event: { id: '1', source: '/functions/loans', type: 'dev.bodega.loan.requested', subject: '1', data: loan },
	});
	expect(Object.keys(letter?.event ?? {}).filter((name) => name.startsWith('knative'))).toEqual([]);
});

test('shows a dead letter without a response with the last error that the function recorded', async () => {
	const { giveUp, deadLetters, sql } = await serveLog();
	await giveUp('1');
	expect(await deadLetters()).toMatchObject([{ destination: null, code: 0, error: null }]);
	await sql(
		`insert into eventing.deliveries (source, id, trigger, attempts, failures) values ('/functions/loans', '1', $1, 9, $2)`,
		[
			trigger,
			JSON.stringify([
				{ error: 'no tray', at: '2026-01-02T03:04:06.000Z' },
				{ error: 'no shelf', at: '2026-01-02T03:04:07.000Z' },
				{ error: 'no book', at: '2026-01-02T03:04:05.000Z' },
			]),
		],
	);
	expect(await deadLetters()).toMatchObject([{ error: 'no shelf', attempts: 9, unlisted_failures: 6 }]);
});

test('a replay publishes the same event, and if that fails again, reopens the same dead letter', async () => {
	const sink = await recordingSink();
	const { emit, giveUp, deadLetters, stateOf, fetch } = await serveLog({ K_SINK: sink.url });
	await emit('1');
	await giveUp('1');
	const [letter] = await deadLetters();
	const replay = (): Promise<Response> =>
		fetch(`/api/dead-letters/${letter?.id}/replay`, { method: 'POST', headers: asAdmin });
	expect((await replay()).status).toBe(202);
	await expect.poll(() => sink.events).toEqual([{ id: '1', type: 'dev.bodega.loan.requested', data: loan }]);
	expect(await deadLetters()).toEqual([]);
	expect(await stateOf('1')).toBe('pending');
	expect((await replay()).status).toBe(404);
	await giveUp('1', { 'ce-knativeerrorcode': '503' });
	expect(await deadLetters()).toMatchObject([{ id: letter?.id, code: 503 }]);
	expect(await stateOf('1')).toBe('dead');
});

test('replays all dead letters, or those of one trigger', async () => {
	const sink = await recordingSink();
	const { emit, giveUp, deadLetters, fetch } = await serveLog({ K_SINK: sink.url });
	for (const id of ['1', '2', '3']) await emit(id);
	await giveUp('1');
	await giveUp('2');
	await giveUp('3', {}, 'elsewhere-on-loan-requested');
	const replay = async (query = '', headers = asAdmin): Promise<[number, unknown]> => {
		const answer = await fetch(`/api/dead-letters/replay${query}`, { method: 'POST', headers });
		return [answer.status, await answer.json()];
	};
	expect(await replay(`?trigger=nothing`)).toEqual([200, { replayed: 0 }]);
	expect(await replay('', asUser())).toEqual([403, expect.anything()]);
	expect(await deadLetters()).toHaveLength(3);
	expect(await replay(`?trigger=${trigger}`)).toEqual([200, { replayed: 2 }]);
	expect((await deadLetters()).map(({ event }) => event.id)).toEqual(['3']);
	expect(await replay()).toEqual([200, { replayed: 1 }]);
	expect(await replay()).toEqual([200, { replayed: 0 }]);
	await expect.poll(() => sink.events.map(({ id }) => id).sort()).toEqual(['1', '2', '3']);
	expect(sink.events[0]).toMatchObject({ type: 'dev.bodega.loan.requested', data: loan });
});

test('shows events to anyone, but payloads only to an admin', async () => {
	const { emit, fetch } = await serveLog();
	await emit('1');
	const [list, one] = [await fetch('/api/events'), await fetch('/api/events/1')];
	expect([list.status, one.status]).toEqual([200, 200]);
	expect(`${await list.text()}${await one.text()}`).not.toContain('Ada');
	expect((await fetch('/api/events', { headers: { authorization: 'Bearer guess' } })).status).toBe(401);
	expect(await (await fetch('/api/events', { headers: asAdmin })).json()).toMatchObject([{ id: '1', data: loan }]);
	expect(await (await fetch('/api/events/1', { headers: asAdmin })).json()).toMatchObject({ id: '1', data: loan });
});

test('refuses a dead letter of an event that no function has emitted', async () => {
	const { giveUp, deadLetters } = await serveLog();
	for (const forged of [
		{ 'ce-id': 'other' },
		{ 'ce-source': '/functions/fines' },
		{ 'ce-type': 'dev.bodega.fine.issued' },
		{ 'ce-subject': '2' },
	]) {
		const answer = await giveUp('1', forged);
		expect([forged, answer.status]).toEqual([forged, 403]);
	}
	expect(await deadLetters()).toEqual([]);
	expect((await giveUp('1')).status).toBe(204);
	expect(await deadLetters()).toHaveLength(1);
});

test('only an admin can see, replay or discard dead letters', async () => {
	const { giveUp, deadLetters, fetch } = await serveLog();
	await giveUp('1');
	const [letter] = await deadLetters();
	expect((await fetch('/api/dead-letters')).status).toBe(401);
	expect((await fetch(`/api/dead-letters/${letter?.id}/replay`, { method: 'POST' })).status).toBe(401);
	expect((await fetch(`/api/dead-letters/${letter?.id}`, { method: 'DELETE' })).status).toBe(401);
	expect(await deadLetters()).toHaveLength(1);
});

test('lists events newest first, in pages, filtered by type and by subject', async () => {
	const { emit, fetch } = await serveLog();
	await emit('1');
	await emit('2', 'dev.bodega.copy.reserved', 'a/b');
	await emit('3');
	const ids = async (path: string): Promise<string[]> =>
		((await (await fetch(path)).json()) as LoggedEvent[]).map(({ id }) => id);
	expect(await ids('/api/events')).toEqual(['3', '2', '1']);
	expect(await ids('/api/events?type=dev.bodega.loan.requested')).toEqual(['3', '1']);
	expect(await ids('/api/events?subject=a%2Fb')).toEqual(['2']);
	const page = await fetch('/api/events?limit=1&type=dev.bodega.loan.requested');
	const next = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
	expect(await ids(next)).toEqual(['1']);
	expect((await fetch('/api/events/4')).status).toBe(404);
});

test('lists the events of one trace, each with its cause', async () => {
	const { emit, sql, fetch } = await serveLog();
	const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
	for (const id of ['1', '2', '3']) await emit(id);
	await sql(`update eventing.events set traceparent = $1 where id <> '2'`, [`00-${trace}-00f067aa0ba902b7-01`]);
	await sql(`update eventing.events set cause = '1' where id = '3'`);
	const answer = await fetch(`/api/events?trace=${trace}`);
	expect(await answer.json()).toMatchObject([
		{ id: '3', cause: '1' },
		{ id: '1', cause: null },
	]);
	for (const bad of ['1', trace.toUpperCase(), `${trace}0`, '%00'])
		expect([bad, (await fetch(`/api/events?trace=${bad}`)).status]).toEqual([bad, 422]);
});
