import { Pool, request } from 'undici';
import { ownerUrl } from '../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { signInAsAdmin } from '../tests/acceptance/setup/sign-in.ts';
import { load } from './load.ts';
import { hasRabbitmq } from './peers/rabbitmq.ts';
import { startPeerShop } from './peers/shop.ts';
import { type Goal, median, percentile, plainRow, type Row, ratioRow } from './row.ts';

/** The orders before the first round, in each shop. After so many V8 has compiled the code: the first 400 take half as long again. */
const warming = 1_000;
/** How many orders are in progress at once, and how many are placed in a round. The rates of rounds of two seconds differ by a tenth. */
const loads = [
	{ atOnce: 1, count: 60, rounds: 3 },
	{ atOnce: 20, count: 400, rounds: 9 },
] as const;

interface Figures {
	readonly rate: number[];
	readonly p50: number[];
}

/** Measures the settled orders per second, and the time from POST to completed, beside the peer's shop. */
export async function orders(shop: Reach): Promise<Row[]> {
	const book = await newBook(shop);
	const peer = hasRabbitmq() ? await startPeerShop(ownerUrl(shop)) : undefined;
	const shops = [{ name: 'bodega', url: shop.url }, ...(peer ? [{ name: 'peer', url: peer.url }] : [])];
	const figures = new Map<string, Figures>();
	try {
		for (const { url } of shops) await place(url, book, warming, 20);
		for (const { atOnce, count, rounds } of loads)
			for (let round = 0; round < rounds; round += 1)
				for (const { name, url } of shops) {
					const { rate, p50 } = await place(url, book, count, atOnce);
					const own = figures.get(`${name} ${atOnce}`) ?? { rate: [], p50: [] };
					figures.set(`${name} ${atOnce}`, { rate: [...own.rate, rate], p50: [...own.p50, p50] });
				}
	} finally {
		await peer?.close();
	}
	const rowOf = (what: string, key: keyof Figures, atOnce: number, unit: string, goal: Goal): Row => {
		const own = figures.get(`bodega ${atOnce}`)?.[key] ?? [];
		const values = figures.get(`peer ${atOnce}`)?.[key];
		if (!values) return plainRow(what, median(own), unit);
		return ratioRow(what, own, { name: 'Express and RabbitMQ', values }, { unit, goal });
	};
	return [
		rowOf('orders settled, 20 at once', 'rate', 20, '/s', { least: 1.2 }),
		rowOf('POST to completed, p50, 20 at once', 'p50', 20, 'ms', { most: 0.8 }),
		rowOf('POST to completed, p50, one at a time', 'p50', 1, 'ms', { most: 0.7 }),
	];
}

/** Adds a book that never sells out. Returns its id. */
export async function newBook(shop: Reach): Promise<number> {
	const answer = await request(`${shop.url}/api/books`, {
		method: 'POST',
		headers: { host: shop.hosts['gateway'] ?? '', 'content-type': 'application/json', ...(await signInAsAdmin(shop)) },
		body: JSON.stringify({ title: 'Bench', author: 'Bench', price: '1.00', stock: 1_000_000 }),
	});
	return ((await answer.body.json()) as { id: number }).id;
}

/** Places orders and waits until each is completed. Returns orders per second, and the times in milliseconds. */
export async function place(url: string, book: number, count: number, atOnce: number) {
	const pool = new Pool(url, { connections: atOnce });
	const body = JSON.stringify({ customer_name: 'Bench', lines: [{ book_id: book, quantity: 1 }] });
	const { times, perSecond } = await load(count, atOnce, async () => {
		const answer = await pool.request({
			path: '/api/orders',
			method: 'POST',
			headers: { 'content-type': 'application/json', prefer: 'wait=30' },
			body,
		});
		const { status } = (await answer.body.json()) as { status: string };
		if (status !== 'completed') throw new Error(`an order at ${url} ended as ${status}, expected completed`);
	});
	await pool.close();
	return { rate: perSecond, p50: median(times), p95: percentile(times, 0.95) };
}
