import { expect, test } from 'vitest';
import { asOwner, freshDatabase, recordingSink, servingEvents } from '../../tests/testing.ts';
import * as events from './events.ts';
import relay from './function.ts';

const trigger = 'shelves-on-loan-requested';

interface Relay {
	/** Returns the ids of the events that reached the broker. */
	readonly published: () => string[];
	/** Sends the event of the PingSource; resolves when the relay has claimed the overdue events. */
	wake(): Promise<void>;
	sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
	/** Writes an event that is one hour old. */
	emit(id: string): Promise<void>;
	handle(id: string): Promise<void>;
	giveUp(id: string, resolution?: 'replayed' | 'discarded'): Promise<void>;
	/** Returns how often each event was claimed. */
	relayed(): Promise<Record<string, number>>;
	settled(): Promise<string[]>;
}

async function serveRelay(RELAY_AFTER: string, instances = 1): Promise<Relay> {
	const ownerUrl = await freshDatabase();
	const sink = await recordingSink();
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

test('parallel instances publish each event once, at most a hundred events at a time', async () => {
	const { sql, wake, relayed, published } = await serveRelay('30', 2);
	await sql(
		`insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data)
		 select n, '/functions/loans', 'dev.bodega.loan.requested', '1', now() - interval '1 hour', 'urn:x', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '{}'
		 from generate_series(1, 150) n`,
	);
	await wake();
	const first = await relayed();
	expect(Object.keys(first).length).toBeGreaterThanOrEqual(100);
	expect(new Set(Object.values(first))).toEqual(new Set([1]));
	await wake();
	expect(Object.values(await relayed())).toEqual(Array(150).fill(1));
	await expect.poll(() => published().length, { timeout: 20_000 }).toBe(150);
	expect(new Set(published()).size).toBe(150);
});
