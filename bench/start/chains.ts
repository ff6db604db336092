import { setTimeout as after } from 'node:timers/promises';
import { openLaptop } from '../../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { isAtRest } from '../memory.ts';
import { newBook } from '../orders.ts';
import { timed } from '../requests.ts';
import { type Row, ratioRow } from '../row.ts';

const rounds = 7;

/** Measures chains of functions that are all at zero, beside the cold start of one function alone. */
export async function chains(): Promise<Row[]> {
	const shop = await openLaptop({ LOG_LEVEL: 'ERROR' }, 1, ['--minify']);
	try {
		const book = await newBook(shop.reach);
		const order = { customer_name: 'Bench', lines: [{ book_id: book, quantity: 1 }] };
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

/** Returns the milliseconds of a request while every function is at zero. */
async function cold({ url, hosts, data = '' }: Reach, fn: string, path: string, order?: object): Promise<number> {
	while (!(await isAtRest(data))) await after(20);
	return await timed(url, hosts[fn] ?? '', path, order && { body: JSON.stringify(order) });
}
