import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { functions } from '../../functions/index.ts';
import { chainsOf } from '../../kit/declare/chain.ts';
import { openLaptop } from '../../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { isAtRest } from '../memory.ts';
import { newBook } from '../orders.ts';
import { timed } from '../requests.ts';
import { type Row, ratioRow } from '../row.ts';
import { bare } from './cold-start.ts';

const rounds = 7;
const chain = chainsOf(functions, functions).find(({ method, path }) => method === 'POST' && path === '/api/orders');
/** The processes of an order: the gateway, `orders`, and those that it reaches. */
export const inChain = 2 + (chain?.services.length ?? 0);

/** Measures chains of functions that are all at zero, beside the cold start of one function alone. */
export async function chains(): Promise<Row[]> {
	const shop = await openLaptop({ LOG_LEVEL: 'ERROR' }, 1, ['--minify']);
	try {
		const book = await newBook(shop.reach);
		const order = { customer_name: 'Bench', lines: [{ book_id: book, quantity: 1 }] };
		const alone: number[] = [];
		const gateway: number[] = [];
		const orders: number[] = [];
		const bareOnes: number[] = [];
		for (let round = -1; round < rounds; round += 1) {
			const [first, second, third] = [
				await cold(shop.reach, 'books', '/api/books'),
				await cold(shop.reach, 'gateway', '/api/books'),
				await cold(shop.reach, 'gateway', '/api/orders', order),
			];
			const fourth = await listenTogether(inChain);
			if (round < 0) continue; // The first round fills the code cache.
			alone.push(first);
			gateway.push(second);
			orders.push(third);
			bareOnes.push(fourth);
		}
		const beside = { name: 'one function alone', values: alone };
		return [
			ratioRow('all at zero: GET /api/books through the gateway', gateway, beside, { unit: 'ms', goal: { most: 1.3 } }),
			ratioRow('all at zero: an order from POST to completed', orders, beside, { unit: 'ms', goal: { most: 2 } }),
			ratioRow(`${inChain} bare node:http, started at once, until all listen`, bareOnes, beside, { unit: 'ms' }),
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

/** Returns the milliseconds until so many processes of bare `node:http`, started at once, listen: less than any chain of them takes. */
async function listenTogether(count: number): Promise<number> {
	const start = performance.now();
	const children = Array.from({ length: count }, () =>
		spawn(process.execPath, ['-e', `${bare}.once('listening', () => console.log())`], {
			env: { HOST: '127.0.0.1', PORT: '0' },
			stdio: ['ignore', 'pipe', 'inherit'],
		}),
	);
	await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
	const time = performance.now() - start;
	for (const child of children) child.kill();
	await Promise.all(children.map((child) => once(child, 'exit')));
	return time;
}
