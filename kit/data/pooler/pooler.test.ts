import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { reachOwner } from '../../../database/owner-url.ts';
import { attributeOf, type EventType } from '../../../eventing/catalog/catalog.ts';
import { triggersOf } from '../../../eventing/delivery.ts';
import * as finesEvents from '../../../tests/library/fines/events.ts';
import fines from '../../../tests/library/fines/function.ts';
import { samples } from '../../../tests/library/library.ts';
import * as loansEvents from '../../../tests/library/loans/events.ts';
import loans from '../../../tests/library/loans/function.ts';
import * as loansHttp from '../../../tests/library/loans/http.ts';
import * as shelvesEvents from '../../../tests/library/shelves/events.ts';
import shelves from '../../../tests/library/shelves/function.ts';
import * as shelvesHttp from '../../../tests/library/shelves/http.ts';
import { roleUrl } from '../../../tests/run/owner.ts';
import { startPooler } from '../../../tests/run/pgbouncer.ts';
import {
	asAdmin,
	asOwner,
	freshDatabase,
	listen,
	recordedLog,
	serving,
	servingEvents,
} from '../../../tests/testing.ts';
import { isAway } from '../away.ts';
import { Database, type Queryable } from '../database.ts';
import { limits } from '../limits.ts';

/** The server connections of each role, fewer than the connections of one instance. */
const size = 2;

/** Starts a Broker that delivers each event once to each of its triggers in the library. */
async function startBroker(): Promise<{ url: string; urls: Map<string, string> }> {
	const urls = new Map<string, string>();
	const triggers = triggersOf(samples);
	const server = createServer(async (req, res) => {
		const body = Buffer.concat(await req.toArray());
		const headers = Object.entries(req.headers).filter(([name]) => /^(ce-|content-type|traceparent)/.test(name));
		const its = triggers.filter(({ type }) => attributeOf(type as EventType) === req.headers['ce-type']);
		const statuses = await Promise.all(
			its.map(async ({ function: fn, name }) => {
				const to = { method: 'POST', body, headers: Object.fromEntries(headers) as Record<string, string> };
				return (await fetch(`${urls.get(fn)}/${name}`, to)).status;
			}),
		);
		res.writeHead(statuses.every((status) => status === 204) ? 202 : 500).end();
	});
	return { url: await listen(server), urls };
}

/** Serves the library through a pooler, with two instances of `loans`. */
async function library(direct: boolean) {
	const ownerUrl = await freshDatabase();
	const through = await startPooler(ownerUrl, size);
	const broker = await startBroker();
	const envOf = (fn: string, more: Record<string, string> = {}) => ({
		DATABASE_URL: through(roleUrl(ownerUrl, fn)),
		...(direct ? { DATABASE_DIRECT_URL: roleUrl(ownerUrl, fn) } : {}),
		K_SINK: broker.url,
		...more,
	});
	const shelf = await serving(shelves, { http: shelvesHttp, events: shelvesEvents }, { env: envOf('shelves') });
	const env = envOf('loans', { FUNCTION_URLS: JSON.stringify({ shelves: shelf.url }) });
	const desk = () => serving(loans, { http: loansHttp, events: loansEvents }, { env });
	for (const [declaration, events] of [
		[shelves, shelvesEvents],
		[loans, loansEvents],
		[fines, finesEvents],
	] as const)
		broker.urls.set(
			declaration.name,
			(await servingEvents(declaration, { events, http: {} }, { env: envOf(declaration.name) })).url,
		);
	return { ownerUrl, url: env.DATABASE_URL, shelf, desks: [await desk(), await desk()] as const };
}

const countOf = async (url: string, sql: string): Promise<number> =>
	(await asOwner(url, (db) => db.query(`select from ${sql}`))).rowCount ?? 0;
const listening = (url: string) =>
	countOf(url, `pg_stat_activity where datname = current_database() and application_name = 'loans listening'`);

test('serves reads, changes, events and waits of many clients with two connections for each role', async () => {
	const { ownerUrl, shelf, desks } = await library(true);
	const title = { title: 'Cranford', deposit: '1.00', copies: 40 };
	const added = await shelf.fetch('/api/shelves', { method: 'POST', headers: asAdmin, body: title });
	expect(added.status).toBe(201);
	const { id } = (await added.json()) as { id: number };
	const lend = (each: number) =>
		desks[each % 2 ? 1 : 0].fetch('/api/loans', {
			method: 'POST',
			headers: { prefer: 'wait=5' },
			body: { title_id: id, reader: `Reader ${each}`, copies: 1 },
		});
	// One more than there are copies.
	const answers = await Promise.all(Array.from({ length: 41 }, (_, each) => lend(each)));
	const lent = (await Promise.all(answers.map((answer) => answer.json()))) as { id: number; status: string }[];
	expect(lent.map(({ status }) => status).sort()).toEqual([...Array(40).fill('granted'), 'refused']);
	expect(await countOf(ownerUrl, 'fines.fines')).toBe(40);
	const busiest = `(select usename, count(*) from pg_stat_activity where datname = current_database()
		and usename like 'bodega%' and application_name not like '%listening' group by usename) t where count > ${size}`;
	expect(await countOf(ownerUrl, busiest)).toBe(0);
	expect(await listening(ownerUrl)).toBe(2);
	const stream = await desks[0].fetch(`/api/loans/${lent[0]?.id}`, { headers: { accept: 'text/event-stream' } });
	expect(await stream.text()).toContain('"status":"granted"');
});

test('polls without a URL that leads past the pooler, and says so once', async () => {
	const log = recordedLog();
	const { url, desks } = await library(false);
	const body = { title_id: 1, reader: 'Ada', copies: 1 };
	for (const _ of [1, 2]) {
		const answer = await desks[0].fetch('/api/loans', { method: 'POST', headers: { prefer: 'wait=5' }, body });
		expect(await answer.json()).toMatchObject({ status: 'granted' });
	}
	expect(log.filter(({ message }) => message === 'cannot listen to the database; polling')).toMatchObject([
		{ error: 'a connection pooler stands before the database', remedy: expect.stringContaining('DATABASE_DIRECT_URL') },
	]);
	// No session of the server listens in vain.
	const channels = () => countOf(url, 'pg_listening_channels()');
	expect(await Promise.all(Array.from({ length: 10 }, channels))).toEqual(Array(10).fill(0));
});

/** Opens an instance's connections to a database. */
function opened(url: string, fn: string, connections = 4): Database {
	const database = new Database({ url, connections, fn, emits: [], publish: () => {} });
	onTestFinished(() => database.close());
	return database;
}

/** Runs statements in parallel, alone and in transactions, again and again. Returns what went wrong. */
async function disagreements(databases: readonly Database[]): Promise<unknown[]> {
	const wrong: unknown[] = [];
	const ask = async (db: Queryable, value: number): Promise<void> => {
		const { rows } = await db.query(`select $1::int + ${value % 20} as sum`, [value]);
		if (rows[0]?.sum !== value + (value % 20)) wrong.push(rows);
	};
	const values = Array.from({ length: 200 }, (_, value) => value);
	for (const all of [values, values.toReversed()])
		await Promise.all(
			all.flatMap((value) => databases.flatMap((db) => [ask(db, value), db.transaction((tx) => ask(tx, value))])),
		).catch((error) => wrong.push(error));
	return wrong;
}

const statements = `select from pg_prepared_statements where name ~ '^s\\d+$'`;

test('prepares no statement behind a pooler, because the next can be in another session', async () => {
	const ownerUrl = await freshDatabase();
	const url = (await startPooler(ownerUrl, size))(roleUrl(ownerUrl, 'shelves'));
	const instances = [opened(url, 'shelves'), opened(url, 'shelves')];
	expect(await disagreements(instances)).toEqual([]);
	for (let looks = 0; looks < 10; looks += 1) expect((await instances[0]?.query(statements))?.rowCount).toBe(0);
});

test('prepares statements on a connection to the server itself', async () => {
	const direct = opened(roleUrl(await freshDatabase(), 'shelves'), 'shelves', 1);
	expect(await disagreements([direct])).toEqual([]);
	expect((await direct.query(statements)).rowCount).toBeGreaterThan(0);
});

test('keeps the settings and limits of each role behind a pooler', async () => {
	const ownerUrl = await freshDatabase();
	const through = await startPooler(ownerUrl, size);
	const names = ['shelves', 'loans', 'event-log'];
	const open = names.map((name) => opened(through(roleUrl(ownerUrl, name)), name));
	const settings = ['search_path', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'];
	const select = settings.map((name) => `current_setting('${name}') as ${name}`);
	const seen = await Promise.all(
		Array.from({ length: 20 }, () => open.map(async (db) => (await db.query(`select ${select}`)).rows[0])).flat(),
	);
	for (const [index, found] of seen.entries())
		expect(found).toEqual({
			search_path: names[index % names.length]?.replace('-', '_'),
			lock_timeout: `${limits.lock / 1000}s`,
			statement_timeout: `${limits.statement / 1000}s`,
			idle_in_transaction_session_timeout: `${limits.idleInTransaction / 1000}s`,
		});
	await asOwner(ownerUrl, async (db) => {
		await db.query('begin; select from shelves.titles where id = 1 for update');
		const waits = open[0]?.query('update titles set copies = 0 where id = $1', [1]);
		await expect(waits).rejects.toMatchObject({ code: '55P03' });
	});
});

test('rejects a pooler as the way of migrations, which need a session', async () => {
	const ownerUrl = await freshDatabase();
	const through = await startPooler(ownerUrl, size);
	await expect(reachOwner(through(roleUrl(ownerUrl, 'shelves')))).rejects.toThrow('leads to a connection pooler');
});

test('reports the database as unavailable when all connections of a role are in use for seconds', async () => {
	const ownerUrl = await freshDatabase();
	const through = await startPooler(ownerUrl, 1);
	const [one, other] = ['shelves', 'loans'].map((name) => opened(through(roleUrl(ownerUrl, name)), name));
	await one?.transaction(async (tx) => {
		await tx.query('select 1');
		await expect(one.query('select 1')).rejects.toSatisfy(isAway);
		expect((await other?.query('select 1 as one'))?.rows).toEqual([{ one: 1 }]);
	});
	expect((await one?.query('select 1 as one'))?.rows).toEqual([{ one: 1 }]);
});
