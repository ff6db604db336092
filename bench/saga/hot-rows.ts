import { availableParallelism } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { ownerUrl } from '../../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { type Goal, median, percentile, plainRow, type Row, ratioRow } from '../row.ts';
import { between, total, usages } from './processor.ts';

const rounds = 3;
const many = 500;
const few = 20;
/** The pause between two looks at the locks, in milliseconds. */
const look = 20;

/** The figures of a round. Times are in milliseconds. */
interface Round {
	/** From the first POST until the last order is completed. */
	readonly all: number;
	readonly p50: number;
	readonly p95: number;
	/** The median of the orders of other books beside them. */
	readonly others: number;
	/** `all` by the processor time of all processes. */
	readonly byProcessor: number;
	/** The mean number of transactions that wait for a row. */
	readonly waiting: number;
}

/**
 * Measures 500 orders of one book that are placed at once, beside 500 orders of as many books, with 20 orders of other books among
 * them; with one instance that reserves copies, and with as many as the machine has cores.
 */
export async function hotRows(shop: Reach): Promise<Row[]> {
	const db = new pg.Client({ connectionString: ownerUrl(shop) });
	await db.connect();
	const pool = new Pool(shop.url, { connections: many + few });
	try {
		const rows: Row[] = [];
		for (const instances of new Set([1, availableParallelism()])) {
			await scale(shop, instances);
			const [hot, spread]: [Round[], Round[]] = [[], []];
			for (let round = -1; round < rounds; round += 1)
				for (const [results, count] of [
					[hot, 1],
					[spread, many],
				] as const) {
					const measured = await measure(shop, db, pool, await newBooks(db, count), await newBooks(db, few));
					if (round >= 0) results.push(measured); // The first round starts the instances.
				}
			rows.push(...rowsOf(instances, hot, spread));
		}
		return rows;
	} finally {
		await pool.close();
		await db.end();
	}
}

/** Sets the most instances of books' consumer. */
async function scale({ control = '', controlToken }: Reach, max: number): Promise<void> {
	const answer = await fetch(`${control}/functions/books-events/scaling`, {
		method: 'PUT',
		headers: { authorization: `Bearer ${controlToken}` },
		body: JSON.stringify({ idle: 600, concurrency: 20, max }),
	});
	if (!answer.ok) throw new Error(`the control API answered ${answer.status}: ${await answer.text()}`);
}

async function newBooks(db: pg.Client, count: number): Promise<number[]> {
	const { rows } = await db.query<{ id: number }>(
		`insert into books.books (title, author, price, stock) select 'Bench', 'Bench', 1, 1000 from generate_series(1, $1) returning id`,
		[count],
	);
	return rows.map(({ id }) => id);
}

async function measure(
	shop: Reach,
	db: pg.Client,
	pool: Pool,
	books: readonly number[],
	others: readonly number[],
): Promise<Round> {
	const before = await usages(shop);
	const watch = new AbortController();
	const waiting = waits(db, watch.signal);
	const start = performance.now();
	// The gateway would refuse so many requests of one client.
	const order = (book: number) => place(pool, shop.hosts['orders'] ?? '', book);
	const placed = [];
	const placedOthers = [];
	for (let index = 0; index < many; index += 1) {
		placed.push(order(books[index % books.length] as number));
		if (index % (many / few) === 0) placedOthers.push(order(others[placedOthers.length] as number));
	}
	const [times, otherTimes] = await Promise.all([Promise.all(placed), Promise.all(placedOthers)]);
	const all = performance.now() - start;
	watch.abort();
	return {
		all,
		p50: median(times),
		p95: percentile(times, 0.95),
		others: median(otherTimes),
		waiting: await waiting,
		byProcessor: all / total(between(before, await usages(shop))),
	};
}

/** Places an order, and returns the milliseconds until it is completed. */
async function place(pool: Pool, host: string, book: number): Promise<number> {
	const start = performance.now();
	const answer = await pool.request({
		path: '/api/orders',
		method: 'POST',
		headers: { host, 'content-type': 'application/json', prefer: 'wait=30' },
		body: JSON.stringify({ customer_name: 'Bench', lines: [{ book_id: book, quantity: 1 }] }),
	});
	const body = (await answer.body.json()) as { status: unknown };
	if (body.status !== 'completed')
		throw new Error(`an order was answered with ${JSON.stringify(body)}, expected completed`);
	return performance.now() - start;
}

/** Returns the mean number of transactions that wait for a row, until the signal is aborted. */
async function waits(db: pg.Client, signal: AbortSignal): Promise<number> {
	const counts: number[] = [];
	while (!signal.aborted) {
		const { rows } = await db.query<{ count: number }>(
			`select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and wait_event in ('tuple', 'transactionid')`,
		);
		counts.push(rows[0]?.count ?? 0);
		await after(look);
	}
	return counts.reduce((sum, count) => sum + count, 0) / counts.length;
}

function rowsOf(instances: number, hot: readonly Round[], spread: readonly Round[]): Row[] {
	const of = (rounds: readonly Round[], key: keyof Round): number[] => rounds.map((round) => round[key]);
	const row = (what: string, key: keyof Round, name: string, goal: Goal, unit = 'ms', digits = 0): Row =>
		ratioRow(what, of(hot, key), { name, values: of(spread, key) }, { unit, digits, goal });
	const each = `${many} orders of one book, ${instances === 1 ? '1 instance' : `${instances} instances`}`;
	const books = `${many} books`;
	return [
		row(`${each}: until all are completed`, 'all', books, { most: 1.1 }),
		row(`${each}: POST to completed, p50`, 'p50', books, { most: 1.1 }),
		row(`${each}: POST to completed, p95`, 'p95', books, { most: 1.1 }),
		row(`${each}: time by processor time`, 'byProcessor', books, { most: 1.1 }, 's per core s', 2),
		row(`${each}: ${few} of other books, p50`, 'others', `beside ${books}`, { most: 1.1 }),
		// Of each instance, one transaction at most locks the row, and one of them has it.
		plainRow(`${each}: transactions waiting for a row`, median(of(hot, 'waiting')), '', { most: instances - 1 }, 2),
	];
}
