import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import pg from 'pg';
import { ownerUrl } from '../../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { newBook, place } from '../orders.ts';
import { median, plainRow, type Row } from '../row.ts';
import { type Measured, type Measurement, measuredFile } from '../simulation/measured.ts';
import { between, busyTime, total, type Usage, usageOf, usages } from './processor.ts';

const rounds = 3;
/** How many transactions the time of one is the mean of. */
const transactions = 3_000;
const loads = [
	{ atOnce: 1, count: 300 },
	{ atOnce: 20, count: 600 },
	{ atOnce: 100, count: 600 },
];

/** Measures what an order costs with few and with many in progress, and writes the figures for the simulation. */
export async function costs(shop: Reach): Promise<Row[]> {
	const book = await newBook(shop);
	// As the functions' connections, it sends statements without waiting for the answers to those before.
	const db = new pg.Client({ connectionString: ownerUrl(shop), pipeline: true });
	await db.connect();
	try {
		for (const { atOnce } of loads) await place(shop.url, book, 300, atOnce); // Starts the instances, and compiles the code.
		const results: Measurement[][] = loads.map(() => []);
		for (let round = 0; round < rounds; round += 1)
			for (const [index, load] of loads.entries()) results[index]?.push(await costOf(shop, db, book, load));
		const measured: Measured = {
			cores: availableParallelism(),
			flush: await flushTime(db),
			commit: await commitTime(db),
			costs: results.map(medians),
		};
		writeFileSync(measuredFile, `${JSON.stringify(measured, rounded, '\t')}\n`);
		return rowsOf(measured);
	} finally {
		await db.end();
	}
}

function medians(all: readonly Measurement[]): Measurement {
	const of = (read: (measurement: Measurement) => number): number => median(all.map(read));
	const parts = Object.keys(all.at(-1)?.parts ?? {});
	const ofPart = (part: string): Usage => ({
		processor: of((cost) => cost.parts[part]?.processor ?? 0),
		waiting: of((cost) => cost.parts[part]?.waiting ?? 0),
	});
	return {
		atOnce: of(({ atOnce }) => atOnce),
		orders: of(({ orders }) => orders),
		perSecond: of(({ perSecond }) => perSecond),
		p50: of(({ p50 }) => p50),
		p95: of(({ p95 }) => p95),
		parts: Object.fromEntries(parts.map((part) => [part, ofPart(part)])),
		elsewhere: of(({ elsewhere }) => elsewhere),
		walBytes: of(({ walBytes }) => walBytes),
		commits: of(({ commits }) => commits),
	};
}

async function costOf(
	shop: Reach,
	db: pg.Client,
	book: number,
	load: { atOnce: number; count: number },
): Promise<Measurement> {
	const { atOnce, count } = load;
	const [before, written] = [await usages(shop), await progressOf(db)];
	const [start, busy] = [performance.now(), busyTime()];
	const { rate, p50, p95 } = await place(shop.url, book, count, atOnce);
	const [lasted, used] = [performance.now() - start, between(before, await usages(shop))];
	const others = busyTime() - busy - total(used);
	const writtenThen = await progressOf(db);
	return {
		...{ atOnce, orders: count, perSecond: rate, p50, p95 },
		parts: Object.fromEntries(
			[...used].map(([part, { processor, waiting }]) => [
				part,
				{ processor: processor / count, waiting: waiting / count },
			]),
		),
		elsewhere: Math.max(0, others / lasted),
		walBytes: (writtenThen.wal - written.wal) / count,
		commits: (writtenThen.transactions - written.transactions) / count,
	};
}

/** Reads the position in the log and the number of changing transactions, which Postgres knows without a delay. */
async function progressOf(db: pg.Client): Promise<{ wal: number; transactions: number }> {
	const { rows } = await db.query(
		`select (pg_current_wal_insert_lsn() - '0/0')::float8 as wal,
			pg_snapshot_xmax(pg_current_snapshot())::text::float8 as transactions`,
	);
	return rows[0];
}

/** Compares commits that wait for the disk with ones that do not. */
async function flushTime(db: pg.Client): Promise<number> {
	const times: Record<string, number[]> = { on: [], off: [] };
	for (let round = 0; round < 200; round += 1)
		for (const [waits, own] of Object.entries(times)) {
			await db.query(`set synchronous_commit = ${waits}`);
			const start = performance.now();
			await db.query(`select pg_logical_emit_message(true, 'bench', repeat('x', 1000))`);
			own.push(performance.now() - start);
		}
	await db.query('reset synchronous_commit');
	return median(times['on'] ?? []) - median(times['off'] ?? []);
}

/** Compares Postgres' processor time for transactions with that for their statements alone. */
async function commitTime(db: pg.Client): Promise<number> {
	const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
	const pid = rows[0]?.pid ?? 0;
	const timeOf = async (isTransactional: boolean): Promise<number> => {
		const sent = `select pg_logical_emit_message(${isTransactional}, 'bench', repeat('x', 1000))`;
		const statements = isTransactional ? ['begin', sent, 'commit'] : [sent];
		const before = usageOf(pid).processor;
		for (let count = 0; count < transactions; count += 1) await Promise.all(statements.map((text) => db.query(text)));
		return (usageOf(pid).processor - before) / transactions;
	};
	return (await timeOf(true)) - (await timeOf(false));
}

const rounded = (_key: string, value: unknown): unknown =>
	typeof value === 'number' ? Number(value.toPrecision(4)) : value;

const rowsOf = ({ costs, commit, flush }: Measured): Row[] => [
	...costs.flatMap(({ atOnce, parts, commits, walBytes }) => {
		const what = `an order, ${atOnce} at once`;
		return [
			plainRow(`${what}: processor time of all processes`, total(new Map(Object.entries(parts))), 'ms', undefined, 2),
			plainRow(`${what}: transactions`, commits, '', undefined, 2),
			plainRow(`${what}: write-ahead log`, walBytes / 1000, 'kB', undefined, 1),
		];
	}),
	plainRow('begin and commit: processor time of Postgres', commit, 'ms', undefined, 3),
	plainRow('until a commit is on the disk', flush, 'ms', undefined, 3),
];
