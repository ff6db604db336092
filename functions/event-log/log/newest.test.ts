import type pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import type { Queryable } from '../../../kit/data/database.ts';
import { asAdmin, asOwner, freshDatabase, recordedLog, serving } from '../../../tests/testing.ts';
import '../../../tests/library/catalog.ts';
import type { LoggedEvent } from '../api.ts';
import eventLog from '../function.ts';
import * as http from '../http.ts';
import { follow } from './newest.ts';
import { viewerOf } from './viewer.ts';

const stranger = viewerOf(undefined);
const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

interface Log {
	readonly ownerUrl: string;
	readonly fetch: Awaited<ReturnType<typeof serving>>['fetch'];
	sql(text: string, values?: unknown[]): Promise<unknown>;
	/** Writes events of the loans function, in this order. */
	emit(ids: readonly string[], type?: string): Promise<void>;
}

async function serveLog(): Promise<Log> {
	const ownerUrl = await freshDatabase();
	const { fetch } = await serving(eventLog, { http }, { ownerUrl });
	const sql: Log['sql'] = (text, values) => asOwner(ownerUrl, (db) => db.query(text, values));
	return {
		ownerUrl,
		fetch,
		sql,
		emit: async (ids, type = 'dev.bodega.loan.requested') =>
			void (await sql(
				`insert into eventing.events (id, source, type, subject, dataschema, traceparent, data)
				 select id, '/functions/loans', $2, id, 'urn:x', $3, '{"reader": "Ada"}' from unnest($1::text[]) id`,
				[ids, type, `00-${trace}-00f067aa0ba902b7-01`],
			)),
	};
}

/** Returns `count` consecutive ids: 100, 101 and so on. */
const ids = (count: number, first = 100): string[] =>
	Array.from({ length: count }, (_, index) => String(first + index));

/** Follows the log over HTTP; `next` returns the next events of the stream. */
async function following({ fetch }: Log, query = '', headers = {}) {
	const leaving = new AbortController();
	onTestFinished(() => leaving.abort());
	const answer = await fetch(`/api/events${query}`, {
		headers: { accept: 'text/event-stream', ...headers },
		signal: leaving.signal,
	});
	const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
	const decoder = new TextDecoder();
	let text = '';
	const read = async (): Promise<LoggedEvent> => {
		for (;;) {
			const message = /^data: (.*)\n\n/m.exec(text);
			if (message) {
				text = text.slice(message.index + message[0].length);
				return JSON.parse(message[1] as string) as LoggedEvent;
			}
			text += decoder.decode((await reader.read()).value, { stream: true });
		}
	};
	return {
		answer,
		next: async (count = 1): Promise<LoggedEvent[]> => {
			const events: LoggedEvent[] = [];
			while (events.length < count) events.push(await read());
			return events;
		},
	};
}

const idsOf = (events: readonly LoggedEvent[]): string[] => events.map(({ id }) => id);

test('streams the newest fifty events, oldest first, then new and changed ones, without payloads', async () => {
	const log = await serveLog();
	await log.emit(ids(60));
	const { answer, next } = await following(log, '', asAdmin);
	expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
	const first = await next(50);
	expect(idsOf(first)).toEqual(ids(50, 110));
	expect(first[0]).toMatchObject({ type: 'dev.bodega.loan.requested', deliveries: [{ status: 'pending' }] });
	expect(Object.keys(first[0] ?? {})).not.toContain('data');

	await log.emit(['160', '161']);
	expect(idsOf(await next(2))).toEqual(['160', '161']);
	// Event 100 was not streamed before; event 161 was.
	await log.sql(
		`insert into eventing.deliveries (source, id, trigger, attempts, handled_at)
		 select '/functions/loans', id, 'shelves-on-loan-requested', 1, now() from unnest($1::text[]) id`,
		[['100', '161']],
	);
	expect(await next(2)).toMatchObject([
		{ id: '100', deliveries: [{ status: 'handled' }] },
		{ id: '161', deliveries: [{ status: 'handled' }] },
	]);
});

test.each([
	['?type=dev.bodega.fine.issued', ['101', '103']],
	['?subject=102', ['102']],
	[`?trace=${trace}`, ['101', '102', '103']],
])('streams only the events that match the filter: %s', async (query, wanted) => {
	const log = await serveLog();
	await log.emit(['100']);
	await log.sql(`update eventing.events set traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'`);
	await log.emit(['101'], 'dev.bodega.fine.issued');
	const { next } = await following(log, query);
	const before = wanted.filter((id) => id === '101');
	expect(idsOf(await next(before.length))).toEqual(before);
	await log.emit(['102']);
	await log.emit(['103'], 'dev.bodega.fine.issued');
	const after = wanted.filter((id) => id !== '101');
	expect(idsOf(await next(after.length))).toEqual(after);
});

test('answers an invalid stream request with 422 or 401, and 503 when the database does not answer', async () => {
	recordedLog();
	const { fetch } = await serveLog();
	const headers = { accept: 'text/event-stream' };
	expect((await fetch('/api/events?trace=1', { headers })).status).toBe(422);
	expect((await fetch('/api/events', { headers: { ...headers, authorization: 'Bearer guess' } })).status).toBe(401);
	const nowhere = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };
	const away = await serving(eventLog, { http }, { env: nowhere });
	expect((await away.fetch('/api/events', { headers })).status).toBe(503);
});

test('one poll serves all clients, and no poll runs without clients', async () => {
	const { ownerUrl, emit } = await serveLog();
	await asOwner(ownerUrl, async (client: pg.Client) => {
		let looks = 0;
		const query = (...args: Parameters<pg.Client['query']>) => {
			looks += 1;
			return client.query(...args);
		};
		const db = { query } as unknown as Queryable;
		const leaving = new AbortController();
		const begin = async () => (await follow(db, stranger, {}))(leaving.signal)[Symbol.asyncIterator]();
		const [one, other] = [await begin(), await begin()];
		expect(looks).toBe(2);
		await emit(['1']);
		const [first, second] = await Promise.all([one.next(), other.next()]);
		expect([first.value?.id, second.value?.id, looks]).toEqual(['1', '1', 3]);
		const rest = [one.next(), other.next()];
		leaving.abort();
		expect(await Promise.all(rest)).toEqual([
			{ done: true, value: undefined },
			{ done: true, value: undefined },
		]);
		expect(looks).toBe(3);
	});
});

test('continues the stream after a failed poll', async () => {
	const lines = recordedLog();
	const { ownerUrl, emit } = await serveLog();
	await asOwner(ownerUrl, async (client: pg.Client) => {
		let broken = false;
		const query = (text: string, values: unknown[]) =>
			client.query(broken ? 'select nothing' : text, broken ? [] : values);
		const leaving = new AbortController();
		onTestFinished(() => leaving.abort());
		await emit(['1']);
		const updates = (await follow({ query } as unknown as Queryable, stranger, {}))(leaving.signal)[
			Symbol.asyncIterator
		]();
		expect((await updates.next()).value?.id).toBe('1');
		broken = true;
		const next = updates.next();
		await expect.poll(() => lines.length).toBeGreaterThan(0);
		expect(lines[0]).toMatchObject({ message: 'cannot read the newest events; trying again' });
		await emit(['2']);
		broken = false;
		expect((await next).value?.id).toBe('2');
	});
});
