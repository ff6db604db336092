import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { request } from 'undici';
import { attributeOf, dataschemaOf } from '../../eventing/catalog/catalog.ts';
import { ownerUrl } from '../../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { signInAsAdmin } from '../../tests/acceptance/setup/sign-in.ts';
import { launchChromium, provideChromium } from '../../tests/browser/chromium.ts';
import type { Hints } from '../../tests/indexes/client.ts';
import { newBook, place } from '../orders.ts';
import { type Goal, median, type Row, ratioRow, table } from '../row.ts';
import { backup } from './backup.ts';
import { type Answered, ask, operationQuestions, type Question, screenQuestions } from './questions.ts';
import { type GrowthOptions, type Shops, withShops } from './shops.ts';

const rounds = 18;
const warming = 3;
/** The time for one question, in milliseconds. */
const patience = 10_000;
/** The goal of every question. */
const mostRatio = 1.5;

/** Measures a shop that is years old, beside a young one. Shows what it has found so far, because all of it takes minutes. */
export const growth = (options: GrowthOptions): Promise<Row[]> =>
	withShops(options, async (shops) => {
		const rows: Row[] = [];
		for (const measure of [questions, orders, wakes, backup]) {
			const found = await measure(shops);
			process.stderr.write(`${table(found)}\n`);
			rows.push(...found);
		}
		return rows;
	});

/** The rows of each operation and each screen: that of its question whose ratio is the worst. */
async function questions(shops: Shops): Promise<Row[]> {
	await provideChromium();
	const browser = await launchChromium();
	const asked = { young: [] as Question[], old: [] as Question[] };
	for (const age of ['young', 'old'] as const) {
		process.stderr.write(`  opening every screen of the ${age} shop\n`);
		const shop = shops[age];
		asked[age].push(
			...(await screenQuestions(browser, shop)),
			...(await operationQuestions(shop, await hintsOf(shop))),
		);
	}
	await browser.close();
	const rows = new Map<string, { row: Row; ratio: number }>();
	process.stderr.write(`  asking ${asked.old.length} questions\n`);
	for (const question of asked.old) {
		const twin = asked.young.find(({ from, name }) => from === question.from && name === question.name);
		if (!twin) {
			process.stderr.write(`  the young shop has no question ${question.from} ${question.name}\n`);
			continue;
		}
		const measure = () =>
			alternately(
				() => ask(shops.old, question),
				() => ask(shops.young, twin),
			);
		let { own, peer, statuses } = await measure();
		// The worst of hundreds is often an accident.
		if (median(own) > mostRatio * median(peer)) ({ own, peer, statuses } = await measure());
		const ratio = median(own) / median(peer);
		if (statuses.size !== 1 || !statuses.has(200))
			process.stderr.write(`  ${question.from} ${question.name}: ${[...statuses].join(', ')}\n`);
		if (ratio <= (rows.get(question.from)?.ratio ?? 0)) continue;
		rows.set(question.from, {
			ratio,
			row: beside(`${question.from}: ${question.name}`, own, peer, { most: mostRatio }),
		});
	}
	return [...rows.values()].map(({ row }) => row);
}

/** Asks both in turn, a slow question less often. The first rounds only warm both up. */
async function alternately(own: () => Promise<Answered>, peer: () => Promise<Answered>) {
	const times = { own: [] as number[], peer: [] as number[] };
	const statuses = new Set<number>();
	const end = performance.now() + patience;
	for (let round = 0; round < rounds && (performance.now() < end || round <= warming); round += 1) {
		const [first, second] = [await own(), await peer()];
		for (const { status } of [first, second]) statuses.add(status);
		if (round < warming) continue;
		times.own.push(first.time);
		times.peer.push(second.time);
	}
	return { ...times, statuses };
}

const beside = (what: string, own: readonly number[], peer: readonly number[], goal: Goal): Row =>
	ratioRow(what, own, { name: 'a young shop', values: peer }, { unit: 'ms', digits: 1, goal });

/** Returns values for the filters of the event log and the data viewer. */
async function hintsOf(shop: Reach): Promise<Hints> {
	const answer = await fetch(`${shop.url}/api/data/tables`, { headers: await signInAsAdmin(shop) });
	const tables = ((await answer.json()) as { schema: string; name: string }[]).map(
		({ schema, name }) => `${schema}.${name}`,
	);
	return sql(shop, async (db) => {
		const values = async (text: string): Promise<string[]> =>
			(await db.query<{ value: string }>(text)).rows.map(({ value }) => value);
		return {
			table: tables,
			search: ['e'],
			function: await values('select distinct function as value from eventing.emissions'),
			type: await values('select distinct type as value from eventing.emissions'),
			trace: await values('select substr(traceparent, 4, 32) as value from eventing.events limit 1'),
		};
	});
}

async function orders({ young, old }: Shops): Promise<Row[]> {
	process.stderr.write('  placing orders\n');
	const shops = [
		{ times: [] as number[], url: old.url, book: await newBook(old) },
		{ times: [] as number[], url: young.url, book: await newBook(young) },
	] as const;
	for (let round = -1; round < 5; round += 1)
		for (const { times, url, book } of shops) {
			const { p50 } = await place(url, book, 60, 1);
			if (round >= 0) times.push(p50);
		}
	return [beside('POST to completed, p50, one at a time', shops[0].times, shops[1].times, { most: 1.2 })];
}

/** The relay's wake: when nothing is overdue, and when a hundred events are. */
async function wakes({ young, old }: Shops): Promise<Row[]> {
	process.stderr.write('  waking the relay\n');
	const rows: Row[] = [];
	for (const overdue of [0, 100]) {
		const times = { old: [] as number[], young: [] as number[] };
		for (let round = -2; round < (overdue ? 5 : rounds); round += 1)
			for (const [age, shop] of [
				['old', old],
				['young', young],
			] as const) {
				await emitOverdue(shop, overdue);
				const start = performance.now();
				await wake(shop);
				if (round >= 0) times[age].push(performance.now() - start);
				await settled(shop);
			}
		rows.push(beside(`the relay's wake, ${overdue || 'nothing'} overdue`, times.old, times.young, { most: 1.5 }));
	}
	return rows;
}

/** Sends the event of the relay's PingSource, and returns when nothing is overdue any more. */
async function wake({ data = '' }: Reach): Promise<void> {
	const { urls } = JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as { urls: Record<string, string> };
	const ping = {
		'ce-specversion': '1.0',
		'ce-id': '1',
		'ce-source': '/pings/relay',
		'ce-type': 'dev.knative.sources.ping',
	};
	const answer = await request(urls['relay-events'] ?? '', { method: 'POST', headers: ping });
	const body = await answer.body.text();
	if (answer.statusCode !== 204) throw new Error(`the relay answered ${answer.statusCode}: ${body}`);
}

/** Stores deletions of accounts that nobody has handled for an hour. */
const emitOverdue = (shop: Reach, count: number): Promise<unknown> =>
	sql(shop, (db) =>
		db.query(
			`insert into eventing.events (source, type, subject, time, dataschema, traceparent, data)
			 select '/functions/users', $1, id, now() - interval '1 hour', $2, '00-' || replace(id, '-', '') || '-00f067aa0ba902b7-01',
				jsonb_build_object('account_id', id)
			 from (select uuidv4()::text as id from generate_series(1, $3)) ids`,
			[attributeOf('account.deleted'), dataschemaOf('account.deleted'), count],
		),
	);

/** Returns when every event is handled, except for dead letters. */
async function settled(shop: Reach): Promise<void> {
	const left = (): Promise<number> =>
		sql(
			shop,
			async (db) =>
				(await db.query<{ unhandled: number }>('select unhandled from eventing.outbox_health')).rows[0]?.unhandled ?? 0,
		);
	while ((await left()) > 0) await after(50);
}

async function sql<T>(shop: Reach, work: (db: pg.Client) => Promise<T>): Promise<T> {
	const db = new pg.Client({ connectionString: ownerUrl(shop) });
	await db.connect();
	return await work(db).finally(() => db.end());
}
