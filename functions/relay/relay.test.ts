import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { asOwner, freshDatabase, listen, recordedLog, recordingSink, servingEvents } from '../../tests/testing.ts';
import * as events from './events.ts';
import { inParallel } from './flow.ts';
import relay from './function.ts';

const trigger = 'shelves-on-loan-requested';

interface Relay {
	/** Returns the ids of the events that reached the broker. */
	readonly published: () => string[];
	/** Sends the event of the PingSource; resolves when the relay has published the overdue events. */
	wake(): Promise<void>;
	sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
	/** Writes an event that is one hour old. */
	emit(id: string): Promise<void>;
	/** Writes events that are one hour old, with the ids from 1. */
	emitMany(count: number, type?: string): Promise<void>;
	handle(id: string): Promise<void>;
	giveUp(id: string, resolution?: 'replayed' | 'discarded'): Promise<void>;
	/** Returns how often each event was claimed. */
	relayed(): Promise<Record<string, number>>;
	settled(): Promise<string[]>;
}

async function serveRelay(RELAY_AFTER: string, instances = 1, broker?: string): Promise<Relay> {
	const ownerUrl = await freshDatabase();
	const recording = await recordingSink();
	const sink = { ...recording, url: broker ?? recording.url };
	const sql: Relay['sql'] = (text, values) =>
		asOwner(ownerUrl, async (db) => (await db.query(text, values)).rows as Record<string, unknown>[]);
	const served = await Promise.all(
		Array.from({ length: instances }, () =>
			servingEvents(relay, { events }, { ownerUrl, env: { K_SINK: sink.url, RELAY_AFTER } }),
		),
	);
	const headers = {
		'ce-specversion': '1.0',
		'ce-id': '1',
		'ce-source': '/pings/relay',
		'ce-type': 'dev.knative.sources.ping',
	};
	return {
		published: () => sink.events.map(({ id }) => id),
		sql,
		wake: async () => {
			// A PingSource's event has no data, and therefore neither a body nor a content type.
			const answers = await Promise.all(served.map(({ fetch }) => fetch('/', { method: 'POST', headers })));
			for (const { status } of answers) expect(status).toBe(204);
		},
		emit: async (id) =>
			void (await sql(
				`insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data)
				 values ($1, '/functions/loans', 'dev.bodega.loan.requested', '1', now() - interval '1 hour', 'urn:x',
					'00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '{"loan_id": 1}')`,
				[id],
			)),
		emitMany: async (count, type = 'loan.requested') =>
			void (await sql(
				`insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data)
				 select n, '/functions/' || $2, 'dev.bodega.' || $2, '1', now() - interval '1 hour' + n * interval '1 us', 'urn:x',
					'00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '{}' from generate_series(1, $1) n`,
				[count, type],
			)),
		handle: async (id) =>
			void (await sql(
				`insert into eventing.deliveries (source, id, trigger, attempts, handled_at) values ('/functions/loans', $1, $2, 1, now())
				 on conflict (source, id, trigger) do update set handled_at = now()`,
				[id, trigger],
			)),
		giveUp: async (id, resolution) =>
			void (await sql(
				`insert into eventing.dead_letters (source, event_id, trigger, event, resolution) values ('/functions/loans', $1, $2, '{}', $3)
				 on conflict (source, event_id, trigger) do update set resolution = excluded.resolution`,
				[id, trigger, resolution ?? null],
			)),
		relayed: async () =>
			Object.fromEntries(
				(await sql('select id, relays from eventing.events where relays > 0 order by id')).map(({ id, relays }) => [
					id,
					relays,
				]),
			) as Record<string, number>,
		settled: async () =>
			(await sql('select id from eventing.events where settled_at is not null order by id')).map(({ id }) =>
				String(id),
			),
	};
}

test('republishes only unhandled events, with the same id, and settles completed ones', async () => {
	const { emit, handle, giveUp, sql, wake, relayed, settled, published } = await serveRelay('0');
	for (const id of ['pending', 'failing', 'handled', 'dead', 'discarded', 'replayed']) await emit(id);
	await sql(
		`insert into eventing.deliveries (source, id, trigger, attempts) values ('/functions/loans', 'failing', $1, 3)`,
		[trigger],
	);
	await handle('handled');
	await giveUp('dead');
	await giveUp('discarded', 'discarded');
	await giveUp('replayed', 'replayed');
	await wake();
	expect(await relayed()).toEqual({ failing: 1, pending: 1, replayed: 1 });
	expect(await settled()).toEqual(['discarded', 'handled']);
	await expect.poll(() => published().sort()).toEqual(['failing', 'pending', 'replayed']);
});

test('settles an event that has no trigger', async () => {
	const { emit, sql, wake, relayed, settled } = await serveRelay('0');
	await emit('1');
	await sql('delete from eventing.triggers');
	await wake();
	expect([await relayed(), await settled()]).toEqual([{}, ['1']]);
});

test('leaves recent events to their first delivery', async () => {
	const { emit, handle, sql, wake, relayed, settled } = await serveRelay('30');
	await emit('1');
	await emit('2');
	await handle('2');
	await sql(`update eventing.events set time = now()`);
	await wake();
	expect([await relayed(), await settled()]).toEqual([{}, []]);
	await sql(`update eventing.events set time = now() - interval '31 seconds'`);
	await wake();
	expect([await relayed(), await settled()]).toEqual([{ 1: 1 }, ['2']]);
});

test('does not republish a dead letter before it is replayed', async () => {
	const { emit, giveUp, handle, wake, relayed, settled, published } = await serveRelay('0');
	await emit('1');
	await giveUp('1');
	await wake();
	expect([await relayed(), await settled()]).toEqual([{}, []]);
	await giveUp('1', 'replayed');
	await wake();
	expect(await relayed()).toEqual({ 1: 1 });
	await expect.poll(published).toEqual(['1']);
	await handle('1');
	await wake();
	expect([await relayed(), await settled()]).toEqual([{ 1: 1 }, ['1']]);
});

test('doubles the delay before each republication, up to an hour', async () => {
	const { emit, sql, wake } = await serveRelay('30');
	await emit('1');
	const again = async (relays: number, seconds: number): Promise<void> => {
		const [before] = await sql('select now() as at');
		await wake();
		await wake();
		const next = `relay_after between $1::timestamptz + make_interval(secs => $2) and now() + make_interval(secs => $2)`;
		expect(await sql(`select relays, ${next} as next from eventing.events`, [before?.['at'], seconds])).toEqual([
			{ relays, next: true },
		]);
		await sql(`update eventing.events set relay_after = now() - interval '1 second'`);
	};
	await again(1, 30);
	await again(2, 60);
	await again(3, 120);
	await sql('update eventing.events set relays = 1000');
	await again(1001, 3600);
});

/** A broker that answers only when it is told to. */
async function holdingBroker() {
	const held: { type: string; answer: (status: number) => void }[] = [];
	const ids: string[] = [];
	let most = 0;
	const url = await listen(
		createServer((req, res) => {
			ids.push(String(req.headers['ce-id']));
			held.push({ type: String(req.headers['ce-type']), answer: (status) => void res.writeHead(status).end() });
			most = Math.max(most, held.length);
		}),
	);
	return { url, held, ids, most: () => most };
}

test('republishes everything that is overdue in one wake, and never more than the window in parallel', async () => {
	const broker = await holdingBroker();
	const { emitMany, relayed, wake } = await serveRelay('30', 1, broker.url);
	await emitMany(5 * inParallel + 1);
	let isOver = false;
	const woken = wake().finally(() => {
		isOver = true;
	});
	await expect.poll(() => broker.held.length).toBe(inParallel);
	// A wake that overlaps publishes nothing more.
	const overlapping = wake();
	while (!isOver || broker.held.length > 0) {
		broker.held.shift()?.answer(202);
		await new Promise((resolve) => setImmediate(resolve));
	}
	await Promise.all([woken, overlapping]);
	expect(broker.most()).toBe(inParallel);
	expect(new Set(broker.ids).size).toBe(5 * inParallel + 1);
	expect(broker.ids).toHaveLength(5 * inParallel + 1);
	expect(Object.values(await relayed())).toEqual(Array(5 * inParallel + 1).fill(1));
});

test('a consumer that fails delays only the events of its type', async () => {
	const broker = await holdingBroker();
	const { emitMany, wake } = await serveRelay('30', 1, broker.url);
	await emitMany(2 * inParallel);
	await emitMany(2 * inParallel, 'copy.reserved');
	void wake().catch(() => {});
	const is = (type: string) => broker.held.filter((each) => each.type === `dev.bodega.${type}`);
	const answered = new Set<object>();
	await expect
		.poll(() => {
			for (const each of is('copy.reserved')) {
				if (!answered.has(each)) each.answer(202);
				answered.add(each);
			}
			return [is('copy.reserved').length, is('loan.requested').length];
		})
		.toEqual([2 * inParallel, inParallel]);
});

test('stops when the broker is away, so that the events that are left keep their turn', async () => {
	recordedLog();
	const { emitMany, wake, relayed } = await serveRelay('30', 1, 'http://127.0.0.1:1/');
	await emitMany(5 * inParallel);
	await wake();
	const first = Object.keys(await relayed()).length;
	expect(first).toBeGreaterThanOrEqual(inParallel);
	expect(first).toBeLessThanOrEqual(3 * inParallel);
});

test('of parallel instances only one republishes, and each event once', async () => {
	const { emitMany, wake, relayed, published, sql } = await serveRelay('30', 2);
	await emitMany(150);
	await sql(`update eventing.relay_lease set holder = 'another', ends_at = now() + interval '10 seconds'`);
	await wake();
	expect(await relayed()).toEqual({});
	// The other one was killed, or the clock was set back since it took its lease.
	for (const [index, lapsed] of [`now()`, `now() + interval '1 hour'`].entries()) {
		await sql(`update eventing.relay_lease set holder = 'another', ends_at = ${lapsed}`);
		await wake();
		expect(Object.values(await relayed())).toEqual(Array(150).fill(index + 1));
		await sql('update eventing.events set relay_after = null');
	}
	await expect.poll(() => published().length).toBe(300);
});

const pause = `make_interval(secs => 30)`;
test.each([
	['a new event', `now() - ${pause} / 2`, 'null', 0, 0],
	['an old event', `now() - ${pause} * 2`, 'null', 0, 1],
	['an event that was stored before the clock was set back', `now() + interval '1 hour'`, 'null', 0, 1],
	['an event in its first pause', `now() - interval '1 hour'`, `now() + ${pause} / 2`, 1, 0],
	[
		'an event whose first pause began before the clock was set back',
		`now() - interval '1 hour'`,
		`now() + ${pause} * 2`,
		1,
		1,
	],
	['an event in its longest pause', `now() - interval '1 day'`, `now() + interval '59 minutes'`, 40, 0],
	[
		'an event whose longest pause began before the clock was set back',
		`now() - interval '1 day'`,
		`now() + interval '61 minutes'`,
		40,
		1,
	],
	[
		'an event whose pause is over since the clock was set forward',
		`now() - interval '1 hour'`,
		`now() - interval '1 hour'`,
		3,
		1,
	],
])('%s: republishes it only when its time has come', async (_what, time, relayAfter, relays, times) => {
	const { emit, wake, sql, published } = await serveRelay('30');
	await emit('1');
	await sql(`update eventing.events set time = ${time}, relay_after = ${relayAfter}, relays = ${relays}`);
	await wake();
	expect(published()).toHaveLength(times);
});

test('leaves a replay to its own publication first, and does not let it wait for the pause of the earlier ones', async () => {
	const { emit, giveUp, sql, wake, published } = await serveRelay('30');
	await emit('1');
	await giveUp('1', 'replayed');
	await sql(`update eventing.events set relays = 8, relay_after = now() + interval '40 minutes'`);
	for (const [resolvedAt, count] of [
		[`now() - interval '10 seconds'`, 0],
		[`now() - interval '31 seconds'`, 1],
		[`now() - interval '31 seconds'`, 1],
	] as const) {
		await sql(`update eventing.dead_letters set resolved_at = ${resolvedAt}`);
		await wake();
		expect(published()).toHaveLength(count);
	}
});

test('ends a drill when its time is over, once, and republishes what it has kept from its function', async () => {
	const { published, wake, sql, emit, giveUp, handle } = await serveRelay('7200');
	for (const id of ['1', '2', '3', '4']) await emit(id);
	await handle('1');
	await giveUp('2');
	await giveUp('3', 'discarded');
	await sql(
		`insert into eventing.drills (function, started_at, ends_at) values ('shelves', now() - interval '2 hours', now() + interval '1 minute')`,
	);
	await wake();
	expect(published()).toEqual([]);
	await sql(`update eventing.drills set ends_at = now()`);
	await wake();
	await expect.poll(() => published().sort()).toEqual(['2', '4']);
	expect(
		await sql(`select resolution, replay is not null as is_numbered from eventing.dead_letters where event_id = '2'`),
	).toEqual([{ resolution: 'replayed', is_numbered: true }]);
	await wake();
	expect(published().sort()).toEqual(['2', '4']);
});
