import { afterAll, expect, test } from 'vitest';
import { fill } from '../../bench/growth/fill.ts';
import { databaseMetrics } from '../../database/metrics/database.ts';
import { monitor, urlOf } from '../../database/roles.ts';
import { seed } from '../../database/seed.ts';
import { readVitals } from '../../database/vitals.ts';
import { triggersOf } from '../../eventing/delivery.ts';
import { functions } from '../../functions/index.ts';
import { serve } from '../described.ts';
import { ownerOf } from '../run/owner.ts';
import { startStandIns } from '../stand-ins.ts';
import { asAdmin, asOwner, asUser, freshDatabase, recordedLog } from '../testing.ts';
import { Client, type Hints, type Operation, operationsOf } from './client.ts';
import { sendEvents, times } from './events.ts';
import { growingTables } from './growing.ts';
import { type Execution, followPlans, type Scan } from './plans.ts';

const outside = await startStandIns();
afterAll(outside.close);

/** The rows of a growing table that a statement can read, and more for each row that it returns or changes. */
const most = 500;
const mostOfRow = 10;
/** The rows that it can read in vain, and more for each that it does not: such as the events that nobody has handled yet. */
const mostDropped = 400;
/** The rows that it can read without an index: a partition can have so few that Postgres reads all of them. */
const mostWithoutIndex = 50;

/** Whether a scan reads no more when its table grows. @param rows those that the statement returns or changes */
const isBounded = ({ isSequential, read, dropped }: Scan, rows: number): boolean =>
	read <= (isSequential ? rows + mostWithoutIndex : most + mostOfRow * rows) &&
	dropped <= mostDropped + mostOfRow * (read - dropped);

/** Operations that succeed only in a shop that runs on a laptop. They read no table. */
const unanswerable = ['startRecording', 'endRecording'];

const withData = functions.filter(({ data }) => data);

test('no statement of the shop reads more of a table as the table grows', async () => {
	recordedLog();
	const ownerUrl = await freshDatabase();
	// One letter in 25 is open, so that its event is not settled. A function that joins them with its triggers reads them a few times.
	await fill(ownerUrl, { orders: 12_000, users: 4_000, letters: 1_500, days: 80 });
	const growing = await growingTables(ownerUrl);
	const scarce = [...growing].filter(([, count]) => count <= most).map(([name]) => name);
	expect(scarce, 'tables that bench/growth/ has to fill, or that tests/indexes/growing.ts has to call small').toEqual(
		[],
	);
	const secondary = await secondaryIndexes(ownerUrl, [...growing.keys()]);
	const { hints, account } = await shownIn(ownerUrl, [...growing.keys()]);

	let asked = '';
	const faults = new Map<string, string>();
	const used = new Set<string>();
	await followPlans(ownerUrl, ({ statement, rows, scans, indexes }: Execution) => {
		for (const index of indexes) used.add(index);
		for (const scan of scans.filter(({ table }) => growing.has(table)))
			if (!isBounded(scan, rows)) {
				const { table, isSequential, read } = scan;
				const how = `${isSequential ? 'without an index, ' : ''}for ${rows} rows of its result`;
				faults.set(`${table} ${statement}`, `${asked}: reads ${read} rows of ${table} ${how}: ${statement}`);
			}
	});

	asked = 'the metrics of the database';
	await asOwner(urlOf(ownerOf(ownerUrl), monitor), databaseMetrics);
	asked = 'bodega status';
	await readVitals(ownerUrl);
	asked = 'the seeds';
	await seed(ownerOf(ownerUrl), functions);
	const answered = new Set(unanswerable);
	for (const fn of withData) await sendEvents(fn, ownerUrl, (what) => (asked = `${fn.name} ${what}`));
	// Those that call others come first, because the others lose what they need.
	for (const fn of withData.toSorted((one, other) => Object.keys(other.calls).length - Object.keys(one.calls).length)) {
		if (fn.api) {
			const { fetch } = await serve(fn, ownerUrl, outside.env);
			const callers = { stranger: {}, customer: asUser(account), admin: asAdmin };
			const client = new Client(
				(path, { body, ...init }) => fetch(path, body === undefined ? init : { ...init, body }),
				callers,
				hints,
			);
			const operations = operationsOf(fn.name);
			// Some operations find nothing before another has added it, or after another has deleted or changed it.
			for (const next of ['GET', 'DELETE', 'POST', 'GET', 'DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'DELETE'])
				for (const operation of operations.filter(
					({ id, method }) => method === next && !(answered.has(id) && next !== 'POST'),
				))
					if (await isAnswered(client, operation, (name) => (asked = name))) answered.add(operation.id);
		}
	}
	const unanswered = withData.flatMap(({ name }) => operationsOf(name)).filter(({ id }) => !answered.has(id));
	const unused = secondary.filter((index) => !used.has(index));
	expect(
		unanswered.map(({ id }) => id),
		'operations that answered no request with a success, so that tests/indexes/client.ts has to send better ones',
	).toEqual([]);
	expect([...faults.values()].join('\n')).toBe('');
	expect(unused, 'indexes that no statement uses, though each row costs their updates').toEqual([]);
}, 240_000);

/** Sends every kind of request to an operation, each as every caller but those with two filters. Returns whether one has succeeded. */
async function isAnswered(client: Client, operation: Operation, tell: (name: string) => void): Promise<boolean> {
	let isOk = false;
	for (let sent = 0; sent < times && !(isOk && operation.method === 'DELETE'); ) {
		for (const request of await client.requestsTo(operation))
			for (const caller of request.filters > 1 ? ['admin'] : Object.keys(client.callers)) {
				tell(`${request.name} as ${caller}`);
				isOk = (await client.send(request, caller)).ok || isOk;
				sent += 1;
			}
	}
	return isOk;
}

/** Returns the indexes of tables that only speed up questions: those that enforce nothing. */
const secondaryIndexes = (ownerUrl: string, tables: readonly string[]): Promise<string[]> =>
	asOwner(ownerUrl, async (db) => {
		const { rows } = await db.query<{ name: string }>(
			`select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
			 where i.indrelid = any($1::regclass[]) and not i.indisunique order by 1`,
			[tables],
		);
		return rows.map(({ name }) => name);
	});

/** What filters can be, and the id of an account with orders. */
async function shownIn(ownerUrl: string, tables: readonly string[]): Promise<{ hints: Hints; account: string }> {
	return asOwner(ownerUrl, async (db) => {
		const values = async (text: string): Promise<string[]> =>
			(await db.query<{ value: string }>(text)).rows.map(({ value }) => value);
		const [account = ''] = await values(
			`select data ->> 'account_id' as value from eventing.events where data ? 'account_id' limit 1`,
		);
		const hints = {
			table: tables,
			search: ['e'],
			trigger: triggersOf(functions).map(({ name }) => name),
			function: withData.filter(({ emits, reacts }) => emits.length + reacts.length > 0).map(({ name }) => name),
			type: await values('select distinct type as value from eventing.emissions'),
			trace: await values('select substr(traceparent, 4, 32) as value from eventing.events limit 1'),
		};
		return { hints, account };
	});
}
