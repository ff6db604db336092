import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../tests/testing.ts';
import { accept, complete, type Delivery, reject } from './inbox.ts';

/** An attempt that began an hour ago. */
const delivery: Delivery = {
	source: '/functions/loans',
	id: '1',
	trigger: 'shelves-on-loan-requested',
	begun: performance.now() - 3_600_000,
};

async function connections(): Promise<[pg.Client, pg.Client]> {
	const connectionString = await freshDatabase();
	const clients = [new pg.Client({ connectionString }), new pg.Client({ connectionString })] as const;
	for (const client of clients) {
		await client.connect();
		onTestFinished(() => client.end());
	}
	return [...clients];
}

/** Handles a delivery completely, without an effect. */
async function handle(db: pg.Client, of = delivery): Promise<boolean> {
	const first = await accept(db, of);
	if (first) await complete(db, of);
	return first;
}

const rows = async (db: pg.Client): Promise<unknown[]> =>
	(await db.query('select attempts, handled_at is not null as handled, failures from eventing.deliveries')).rows;

test('makes the second of two concurrent deliveries wait, and reports it as a repeat', async () => {
	const [one, other] = await connections();
	for (const client of [one, other]) await client.query('begin');
	expect(await accept(one, delivery)).toBe(true);
	const second = accept(other, delivery);
	await complete(one, delivery);
	await one.query('commit');
	expect(await second).toBe(false);
	await other.query('commit');
	expect(await rows(one)).toEqual([{ attempts: 1, handled: true, failures: [] }]);
});

test('lets the second delivery handle the event when the first fails', async () => {
	const [one, other] = await connections();
	for (const client of [one, other]) await client.query('begin');
	expect(await accept(one, delivery)).toBe(true);
	const second = accept(other, delivery);
	await one.query('rollback');
	expect(await second).toBe(true);
	await complete(other, delivery);
	await other.query('commit');
	expect(await rows(one)).toEqual([{ attempts: 1, handled: true, failures: [] }]);
});

test('handles an event once per trigger, and identifies it by its source and id', async () => {
	const [db] = await connections();
	expect(await handle(db)).toBe(true);
	expect(await handle(db, { ...delivery, trigger: 'fines-on-copy-reserved' })).toBe(true);
	expect(await handle(db, { ...delivery, source: '/functions/fines' })).toBe(true);
	expect(await handle(db, { ...delivery, id: '2' })).toBe(true);
	expect(await handle(db)).toBe(false);
});

test('records when the last attempt began, and when the handling ended', async () => {
	const [db] = await connections();
	const began = 'received_at <= clock_timestamp() - make_interval(secs => $1) as began';
	await reject(db, { ...delivery, begun: performance.now() }, 'no shelf');
	expect((await db.query(`select ${began} from eventing.deliveries`, [3600])).rows).toEqual([{ began: false }]);
	await db.query('begin');
	await accept(db, delivery);
	await complete(db, delivery);
	const ended = 'handled_at > now() as ended';
	expect((await db.query(`select ${began}, ${ended} from eventing.deliveries`, [3600])).rows).toEqual([
		{ began: true, ended: true },
	]);
});

test('records the time and error of each failed attempt until the event is handled, and not after', async () => {
	const [db] = await connections();
	await reject(db, delivery, 'no shelf');
	await reject(db, delivery, `still no shelf${'!'.repeat(2000)}`);
	const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	const failures = [
		{ at, error: 'no shelf' },
		{ at, error: `still no shelf${'!'.repeat(986)}` },
	];
	expect(await rows(db)).toEqual([{ attempts: 2, handled: false, failures }]);
	expect(await handle(db)).toBe(true);
	await reject(db, delivery, 'too late');
	expect(await rows(db)).toEqual([{ attempts: 3, handled: true, failures }]);
});

test('stores the last twenty failed attempts in order', async () => {
	const [db] = await connections();
	for (let attempt = 1; attempt <= 22; attempt += 1) await reject(db, delivery, String(attempt));
	const failures = Array.from({ length: 20 }, (_, index) => expect.objectContaining({ error: String(index + 3) }));
	expect(await rows(db)).toEqual([{ attempts: 22, handled: false, failures }]);
});
