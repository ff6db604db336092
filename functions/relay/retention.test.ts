import { expect, test } from 'vitest';
import '../../tests/library/catalog.ts';
import type { Reactions } from '../../kit/events/events.ts';
import { ageLog, idOf, nextDay, retained } from '../../tests/library/aged-log.ts';
import fines from '../../tests/library/fines/function.ts';
import {
	asOwner,
	emitted,
	freshDatabase,
	recordedLog,
	recordingSink,
	send,
	servingEvents,
} from '../../tests/testing.ts';
import * as deadLetters from '../event-log/events.ts';
import eventLog from '../event-log/function.ts';
import * as log from '../event-log/log/log.ts';
import * as events from './events.ts';
import relay from './function.ts';

const data = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 };
const reserved = (id: string) => ({ type: 'copy.reserved', from: 'shelves', subject: 1, data, id }) as const;
const everything = { admin: true, account: null };
const ping = {
	'ce-specversion': '1.0',
	'ce-id': '1',
	'ce-source': '/pings/relay',
	'ce-type': 'dev.knative.sources.ping',
};

/** A log of 120 days, with a consumer whose reactions are recorded, the event log, and the relay. */
async function shop() {
	const ownerUrl = await freshDatabase();
	await ageLog(ownerUrl, 120);
	const reacted: string[] = [];
	const reactions: Reactions<typeof fines> = {
		'copy.reserved': async ({ id }) => void reacted.push(id),
		'fine.requested': async () => {},
	};
	const sink = await recordingSink();
	const consumer = await servingEvents(fines, { events: { reactions } }, { ownerUrl });
	const letters = await servingEvents(eventLog, { events: deadLetters }, { ownerUrl });
	const republisher = await servingEvents(
		relay,
		{ events },
		{ ownerUrl, env: { K_SINK: sink.url, RELAY_AFTER: '30' } },
	);
	const sql = (text: string): Promise<Record<string, unknown>[]> =>
		asOwner(ownerUrl, async (db) => (await db.query(text)).rows as Record<string, unknown>[]);
	return {
		...{ ownerUrl, reacted, consumer, letters, sql },
		published: () => sink.events.map(({ id }) => id),
		/** Emits an event whose time is that of its id. */
		emit: async (id: string, daysAgo: number) => {
			await emitted(ownerUrl, reserved(id), id);
			await sql(`update eventing.events set time = now() - make_interval(days => ${daysAgo}) where id = '${id}'`);
		},
		wake: async () => expect((await republisher.fetch('/', { method: 'POST', headers: ping })).status).toBe(204),
		retain: async () => {
			await retained(ownerUrl);
			await nextDay(ownerUrl);
			await retained(ownerUrl);
			await nextDay(ownerUrl);
		},
	};
}

test('a late delivery, dead letter or forgery of a removed event has no effect and is not retried', async () => {
	const { ownerUrl, reacted, consumer, letters, sql, emit, wake, retain } = await shop();
	recordedLog();
	const [removed, forged] = [idOf(119, 1), idOf(118, 2)];
	await emit(removed, 119);
	expect((await send(consumer, reserved(removed))).status).toBe(204);
	await wake();
	await retain();
	expect(await sql('select from eventing.events')).toEqual([]);
	const path = '/fines-on-copy-reserved';
	for (const event of [reserved(removed), { ...reserved(removed), subject: 2 }, reserved(forged)]) {
		expect((await send(consumer, event)).status).toBe(204);
		expect((await send(letters, event, path)).status).toBe(204);
	}
	expect(reacted).toEqual([removed]);
	for (const table of ['events', 'deliveries', 'dead_letters', 'refusals'])
		expect([table, await sql(`select from eventing.${table}`)]).toEqual([table, []]);
	// An event that would be younger is refused as ever.
	expect((await send(consumer, reserved(idOf(1)))).status).toBe(403);
	expect(
		await asOwner(ownerUrl, async (db) => (await db.query('select count::int from eventing.refusals')).rows),
	).toEqual([{ count: 1 }]);
});

test('an old event that is not settled stays in the log, is republished, handled once, settled, and removed at last', async () => {
	const { ownerUrl, reacted, consumer, sql, emit, wake, retain, published } = await shop();
	recordedLog();
	const [handled, waiting] = [idOf(119, 1), idOf(118, 2)];
	for (const id of [handled, waiting]) await emit(id, 118);
	// One trigger of two has handled it.
	expect((await send(consumer, reserved(handled))).status).toBe(204);
	await sql(`insert into eventing.triggers values ('loans-on-copy-reserved', 'dev.bodega.copy.reserved', 'loans')`);
	await retain();
	await asOwner(ownerUrl, async (db) => {
		const listed = await log.list(db, everything, 10, undefined, {});
		expect(listed.map(({ id }) => id)).toEqual([waiting, handled]);
		expect((await log.find(db, handled))?.deliveries.map(({ status }) => status)).toEqual(['handled', 'pending']);
	});
	await wake();
	await expect.poll(() => published().toSorted()).toEqual([handled, waiting].toSorted());
	for (const id of published()) expect((await send(consumer, reserved(id))).status).toBe(204);
	expect(reacted).toEqual([handled, waiting]);
	await sql(`delete from eventing.triggers where name = 'loans-on-copy-reserved'`);
	await wake();
	await retain();
	expect(await sql('select from eventing.events')).toEqual([]);
	expect(await sql('select from eventing.deliveries')).toEqual([]);
	expect((await send(consumer, reserved(waiting))).status).toBe(204);
	expect(reacted).toEqual([handled, waiting]);
});
