import { createServer, type IncomingMessage } from 'node:http';
import { type CloudEvent, HTTP } from 'cloudevents';
import { expect, test } from 'vitest';
import type { StoredEvent } from '../../eventing/outbox.ts';
import '../../tests/library/catalog.ts';
import { asOwner, freshDatabase, listen, recordedLog } from '../../tests/testing.ts';
import { Database } from '../data/database.ts';
import { Publisher } from './publisher.ts';

const event: StoredEvent = {
	id: '1',
	source: '/functions/tea',
	type: 'dev.bodega.loan.requested',
	subject: '7',
	time: '2026-01-02T03:04:05.678Z',
	dataschema: 'urn:bodega:event:loan.requested:1',
	traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
	data: { reader: 'Zoë “Z” 茶', nothing: null },
};

test('sends an event with all its attributes in CloudEvents’ binary mode', async () => {
	const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
	const sink = await listen(
		createServer(async (req, res) => {
			seen.push({ headers: req.headers, body: (await req.setEncoding('utf8').toArray()).join('') });
			res.writeHead(202).end();
		}),
	);
	const publisher = new Publisher(sink);
	publisher.publish([event]);
	await publisher.drain(60_000);
	expect(seen).toHaveLength(1);
	expect(seen[0]?.headers).toMatchObject({
		'ce-specversion': '1.0',
		'ce-id': '1',
		'ce-source': '/functions/tea',
		'ce-type': 'dev.bodega.loan.requested',
		'ce-subject': '7',
		'ce-time': event.time,
		'ce-dataschema': event.dataschema,
		traceparent: event.traceparent,
	});
	expect(seen[0]?.headers['content-type']).toMatch(/^application\/json/);
	expect(JSON.parse(seen[0]?.body ?? '')).toEqual(event.data);
	const read = HTTP.toEvent({ headers: seen[0]?.headers ?? {}, body: seen[0]?.body }) as CloudEvent<unknown>;
	expect(read.validate()).toBe(true);
	expect(read.toJSON()).toMatchObject({ ...event, specversion: '1.0', datacontenttype: 'application/json' });
});

test('publishes in the background, and drains within the given time', async () => {
	recordedLog();
	let answer = (): void => {};
	const arrived = Promise.withResolvers<void>();
	const sink = await listen(
		createServer((_req, res) => {
			answer = () => void res.writeHead(202).end();
			arrived.resolve();
		}),
	);
	const publisher = new Publisher(sink);
	publisher.publish([event]);
	await arrived.promise;
	await publisher.drain(1);
	const drained = publisher.drain(60_000).then(() => 'drained');
	expect(await Promise.race([drained, new Promise((resolve) => setImmediate(resolve, 'still sending'))])).toBe(
		'still sending',
	);
	answer();
	expect(await drained).toBe('drained');
});

test('only logs a warning when the Broker is unreachable or answers with an error', async () => {
	const log = recordedLog();
	const refusing = await listen(createServer((_req, res) => void res.writeHead(503).end()));
	for (const sink of [refusing, 'http://127.0.0.1:1/']) {
		const publisher = new Publisher(sink);
		publisher.publish([event]);
		await publisher.drain(60_000);
	}
	expect(log.map(({ severity, event: id, error }) => [severity, id, error])).toEqual([
		['WARNING', '1', 'the broker answered 503'],
		['WARNING', '1', 'connect ECONNREFUSED 127.0.0.1:1'],
	]);
});

test('publishes an event after its transaction is committed, and never after a rollback', async () => {
	const url = await freshDatabase();
	const published: string[] = [];
	const stored = async (): Promise<number> =>
		(await asOwner(url, (db) => db.query('select from eventing.events'))).rows.length;
	const db = new Database({
		url,
		connections: 1,
		fn: 'tea',
		emits: ['loan.requested'],
		publish: (events) => void published.push(...events.map(({ type }) => type)),
	});
	const loan = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 };
	try {
		await db.transaction(async (tx) => {
			await tx.emit('loan.requested', 1, loan);
			expect([published, await stored()]).toEqual([[], 0]);
		});
		expect([published, await stored()]).toEqual([['dev.bodega.loan.requested'], 1]);
		const failing = db.transaction(async (tx) => {
			await tx.emit('loan.requested', 2, loan);
			throw new Error('changed my mind');
		});
		await expect(failing).rejects.toThrow('changed my mind');
		const undeclared = db.transaction((tx) => tx.emit('copy.reserved', 4, loan));
		await expect(undeclared).rejects.toThrow('function "tea" emits copy.reserved, which is missing');
		// A failed query aborts the transaction even if its error is caught.
		const swallowing = db.transaction(async (tx) => {
			await tx.emit('loan.requested', 3, loan);
			await tx.query('select 1 / 0').catch(() => {});
		});
		await expect(swallowing).rejects.toThrow('not committed');
		expect([published, await stored()]).toEqual([['dev.bodega.loan.requested'], 1]);
		expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
	} finally {
		await db.close();
	}
});

test('fails a transaction whose connection is lost, and opens a new connection for the next query', async () => {
	recordedLog();
	const url = await freshDatabase();
	const db = new Database({
		url,
		connections: 1,
		fn: 'tea',
		emits: ['loan.requested'],
		publish: () => expect.unreachable(),
	});
	try {
		const lost = db.transaction(async (tx) => {
			await tx.emit('loan.requested', 1, { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 });
			await asOwner(url, (owner) =>
				owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tea'`),
			);
			await tx.query('select 1');
		});
		await expect(lost).rejects.toThrow();
		expect((await db.query('select from eventing.events')).rows).toEqual([]);
	} finally {
		await db.close();
	}
});

test('bounds the publications in parallel, leaves the others to the relay, and logs that once', async () => {
	const log = recordedLog();
	let arrived = 0;
	const answered = Promise.withResolvers<void>();
	const sink = await listen(
		createServer(async (_req, res) => {
			arrived += 1;
			await answered.promise;
			res.writeHead(202).end();
		}),
	);
	const publisher = new Publisher(sink);
	const eventsFrom = (first: number, count: number) =>
		Array.from({ length: count }, (_, index) => ({ ...event, id: String(first + index) }));
	publisher.publish(eventsFrom(0, 600));
	publisher.publish(eventsFrom(600, 5_000));
	await expect.poll(() => arrived, { timeout: 20_000 }).toBe(1_000);
	expect(log).toMatchObject([{ severity: 'WARNING', event: '1000', othersBefore: 0 }]);
	answered.resolve();
	await publisher.drain(60_000);
	publisher.publish([event]);
	await publisher.drain(60_000);
	expect(arrived).toBe(1_001);
	expect(log).toHaveLength(1);
});
