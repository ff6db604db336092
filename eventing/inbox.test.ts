import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../functions/kit/testing.ts';
import { accept, reject } from './inbox.ts';

const delivery = { source: '/functions/orders', id: '1', trigger: 'books-on-order-placed' };

async function connections(): Promise<[pg.Client, pg.Client]> {
	const connectionString = await freshDatabase();
	const clients = [new pg.Client({ connectionString }), new pg.Client({ connectionString })] as const;
	for (const client of clients) {
		await client.connect();
		onTestFinished(() => client.end());
	}
	return [...clients];
}

const rows = async (db: pg.Client): Promise<unknown[]> =>
	(await db.query('select attempts, handled_at is not null as handled, last_error from eventing.deliveries')).rows;

test('of two deliveries at the same moment the second waits for the first, and is told it came again', async () => {
	const [one, other] = await connections();
	for (const client of [one, other]) await client.query('begin');
	expect(await accept(one, delivery)).toBe(true);
	const second = accept(other, delivery);
	await one.query('commit');
	expect(await second).toBe(false);
	await other.query('commit');
	expect(await rows(one)).toEqual([{ attempts: 1, handled: true, last_error: null }]);
});

test('when the first of two fails, the second handles it', async () => {
	const [one, other] = await connections();
	for (const client of [one, other]) await client.query('begin');
	expect(await accept(one, delivery)).toBe(true);
	const second = accept(other, delivery);
	await one.query('rollback');
	expect(await second).toBe(true);
	await other.query('commit');
	expect(await rows(one)).toEqual([{ attempts: 1, handled: true, last_error: null }]);
});

test('an event is handled once for each of its triggers, and told by its source as well as its id', async () => {
	const [db] = await connections();
	expect(await accept(db, delivery)).toBe(true);
	expect(await accept(db, { ...delivery, trigger: 'billing-on-stock-reserved' })).toBe(true);
	expect(await accept(db, { ...delivery, source: '/functions/billing' })).toBe(true);
	expect(await accept(db, { ...delivery, id: '2' })).toBe(true);
	expect(await accept(db, delivery)).toBe(false);
});

test('failed attempts are counted until it is handled, and not after', async () => {
	const [db] = await connections();
	await reject(db, delivery, 'no shelf');
	await reject(db, delivery, `still no shelf${'!'.repeat(2000)}`);
	expect(await rows(db)).toEqual([{ attempts: 2, handled: false, last_error: `still no shelf${'!'.repeat(986)}` }]);
	expect(await accept(db, delivery)).toBe(true);
	await reject(db, delivery, 'too late');
	expect(await rows(db)).toMatchObject([
		{ attempts: 3, handled: true, last_error: expect.stringContaining('still no shelf') },
	]);
});
