import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { openLaptop } from '../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { isAtRest } from './memory.ts';
import { newBook } from './orders.ts';
import { type Row, ratioRow } from './row.ts';

const rounds = 7;

/** Measures chains of functions that are all at zero, beside the cold start of one function alone. */
export async function chains(): Promise<Row[]> {
	const shop = await openLaptop({ LOG_LEVEL: 'ERROR' }, 1);
	try {
		const book = await newBook(shop.reach);
		const order = { book_id: book, customer_name: 'Bench', quantity: 1 };
		const alone: number[] = [];
		const gateway: number[] = [];
		const orders: number[] = [];
		for (let round = -1; round < rounds; round += 1) {
			const [first, second, third] = [
				await cold(shop.reach, 'books', '/api/books'),
				await cold(shop.reach, 'gateway', '/api/books'),
				await cold(shop.reach, 'gateway', '/api/orders', order),
			];
			if (round < 0) continue; // The first round fills the compile cache.
			alone.push(first);
			gateway.push(second);
			orders.push(third);
		}
		const beside = { name: 'one function alone', values: alone };
		return [
			ratioRow('all at zero: GET /api/books through the gateway', gateway, beside, { unit: 'ms', goal: { most: 1.3 } }),
			ratioRow('all at zero: an order from POST to completed', orders, beside, { unit: 'ms', goal: { most: 2 } }),
		];
	} finally {
		await shop.close();
	}
}

/** Returns the milliseconds of a request while every function is at zero. A body is posted, and waits for its order to settle. */
async function cold({ url, hosts, data = '' }: Reach, fn: string, path: string, body?: object): Promise<number> {
	while (!(await isAtRest(data))) await after(20);
	const start = performance.now();
	const headers = { host: hosts[fn], 'content-type': 'application/json', prefer: 'wait=30' };
	const sent = request(`${url}${path}`, { method: body ? 'POST' : 'GET', headers, agent: false });
	sent.end(body && JSON.stringify(body));
	const [answer] = await once(sent, 'response');
	await answer.resume().toArray();
	if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}`);
	return performance.now() - start;
}
