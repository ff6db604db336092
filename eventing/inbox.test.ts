import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { asOwner, freshDatabase } from '../tests/testing.ts';
import { accept, type Delivery, reject } from './inbox.ts';

/** An attempt that began an hour ago. */
const delivery: Delivery = {
	source: '/functions/loans',
	id: '1',
	trigger: 'shelves-on-loan-requested',
	type: 'dev.bodega.loan.requested',
	subject: '1',
	data: { loan_id: 1 },
	publication: 'first',
	begun: performance.now() - 3_600_000,
};

const store = `insert into eventing.events (source, id, type, subject, dataschema, traceparent, data)
	values ($1, $2, $3, $4, 'urn:x', '00', $5)`;
const emit = (db: pg.Client, { source, id, type, subject, data }: Delivery = delivery): Promise<unknown> =>
	db.query(store, [source, id, type, subject, data]);

/** Returns connections to a database whose outbox has the event of `delivery`. */
async function connections(): Promise<[pg.Client, pg.Client]> {
	const connectionString = await freshDatabase();
	await asOwner(connectionString, emit);
	const clients = [new pg.Client({ connectionString }), new pg.Client({ connectionString })] as const;
	for (const client of clients) {
		await client.connect();
		onTestFinished(() => client.end());
	}
	return [...clients];
}

/** Handles a delivery completely, without an effect. */
const handle = async (db: pg.Client, of = delivery): Promise<boolean> => (await accept(db, of)) === 'first';

const rows = async (db: pg.Client): Promise<unknown[]> =>
	(await db.query('select attempts, handled_at is not null as handled, failures from eventing.deliveries')).rows;

test('makes the second of two concurrent deliveries wait, and reports it as a repeat', async () => {
	const [one, other] = await connections();
	for (const client of [one, other]) await client.query('begin');
	expect(await accept(one, delivery)).toBe('first');
	const second = accept(other, delivery);
	await one.query('commit');
	expect(await second).toBe('repeated');
	await other.query('commit');
	expect(await rows(one)).toEqual([{ attempts: 1, handled: true, failures: [] }]);
});

test('lets the second delivery handle the event when the first fails', async () => {
	const [one, other] = await connections();
	for (const client of [one, other]) await client.query('begin');
	expect(await accept(one, delivery)).toBe('first');
	const second = accept(other, delivery);
	await one.query('rollback');
	expect(await second).toBe('first');
	await other.query('commit');
	expect(await rows(one)).toEqual([{ attempts: 1, handled: true, failures: [] }]);
});

test('handles an event once per trigger, and identifies it by its source and id', async () => {
	const [db] = await connections();
	expect(await handle(db)).toBe(true);
	expect(await handle(db, { ...delivery, trigger: 'fines-on-copy-reserved' })).toBe(true);
	for (const other of [
		{ ...delivery, source: '/functions/fines' },
		{ ...delivery, id: '2' },
	]) {
		await emit(db, other);
		expect(await handle(db, other)).toBe(true);
	}
	expect(await handle(db)).toBe(false);
});

test('records when the last attempt began, and when the handling did', async () => {
	const [db] = await connections();
	const began = 'received_at <= clock_timestamp() - make_interval(secs => $1) as began';
	await reject(db, { ...delivery, begun: performance.now() }, 'no shelf');
	expect((await db.query(`select ${began} from eventing.deliveries`, [3600])).rows).toEqual([{ began: false }]);
	await db.query('begin');
	await accept(db, delivery);
	const ended = 'handled_at > now() as ended';
	expect((await db.query(`select ${began}, ${ended} from eventing.deliveries`, [3600])).rows).toEqual([
		{ began: true, ended: true },
	]);
});

const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const failure = (error: string, times = 1, publication = 'first') => ({ publication, error, times, first_at: at, at });

test('records the time and error of each failed attempt until the event is handled, and not after', async () => {
	const [db] = await connections();
	await reject(db, delivery, 'no shelf');
	await reject(db, delivery, `still no shelf${'!'.repeat(2000)}`);
	const failures = [failure('no shelf'), failure(`still no shelf${'!'.repeat(986)}`)];
	expect(await rows(db)).toEqual([{ attempts: 2, handled: false, failures }]);
	expect(await handle(db)).toBe(true);
	await reject(db, delivery, 'too late');
	expect(await rows(db)).toEqual([{ attempts: 3, handled: true, failures }]);
});

test('counts equal errors of one publication, with the first and the last time', async () => {
	const [db] = await connections();
	for (const publication of ['first', 'relay-7', 'first'])
		for (const error of ['no shelf', 'no ladder', 'no shelf']) await reject(db, { ...delivery, publication }, error);
	const failures = [
		failure('no shelf', 4),
		failure('no ladder', 2),
		failure('no shelf', 2, 'relay-7'),
		failure('no ladder', 1, 'relay-7'),
	];
	expect(await rows(db)).toEqual([{ attempts: 9, handled: false, failures }]);
	const [times] = (
		await db.query(`select failures -> 0 ->> 'first_at' < failures -> 0 ->> 'at' as pass from eventing.deliveries`)
	).rows;
	expect(times).toEqual({ pass: true });
});

test('stores the last twenty different failures in order, after those of an older release', async () => {
	const [db] = await connections();
	await reject(db, delivery, '0');
	const old = { at: '2026-01-05T09:00:00.000Z', error: '1' };
	await db.query('update eventing.deliveries set failures = jsonb_build_array($1::jsonb)', [old]);
	await reject(db, delivery, '1');
	expect(await rows(db)).toEqual([{ attempts: 2, handled: false, failures: [old, failure('1')] }]);
	for (let attempt = 2; attempt <= 22; attempt += 1) await reject(db, delivery, String(attempt));
	const failures = Array.from({ length: 20 }, (_, index) => failure(String(index + 3)));
	expect(await rows(db)).toEqual([{ attempts: 23, handled: false, failures }]);
});

test('accepts only what the outbox has, with the same source, type, subject and data', async () => {
	const [db] = await connections();
	const forged: Partial<Delivery>[] = [
		{ source: '/functions/fines' },
		{ id: '2' },
		{ type: 'dev.bodega.fine.issued' },
		{ subject: '2' },
		{ subject: '' },
		{ data: { loan_id: 2 } },
		{ data: { loan_id: 1, more: true } },
		{ data: {} },
		{ data: null },
		{ data: undefined },
	];
	for (const change of forged)
		expect([change, await accept(db, { ...delivery, ...change })]).toEqual([change, 'unknown']);
	expect(await rows(db)).toEqual([]);
	expect(await handle(db)).toBe(true);
	for (const change of forged)
		expect([change, await accept(db, { ...delivery, ...change })]).toEqual([change, 'unknown']);
});
