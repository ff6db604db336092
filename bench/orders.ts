import { Pool } from 'undici';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { signInAsAdmin } from '../tests/acceptance/setup/sign-in.ts';
import { load } from './load.ts';
import { percentile, type Row } from './table.ts';

const atOnce = 20;

/** Measures the settled orders per second, and the time from POST to completed, through the gateway and the saga. */
export async function orders(shop: Reach): Promise<Row[]> {
	const pool = new Pool(shop.url, { connections: atOnce });
	const post = async (path: string, body: unknown, headers: Record<string, string>) => {
		const answer = await pool.request({
			path,
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});
		return (await answer.body.json()) as { id: number; status: string };
	};
	const newBook = { title: 'Bench', author: 'Bench', price: '1.00', stock: 1_000_000 };
	const book = await post('/api/books', newBook, await signInAsAdmin(shop));
	const order = async (): Promise<void> => {
		const body = { book_id: book.id, customer_name: 'Bench', quantity: 1 };
		const { status } = await post('/api/orders', body, { prefer: 'wait=30' });
		if (status !== 'completed') throw new Error(`an order ended as ${status}, expected completed`);
	};
	await load(40, atOnce, order); // Wakes the functions.
	const alone = await load(50, 1, order);
	const together = await load(300, atOnce, order);
	await pool.close();
	const ms = (values: readonly number[], p: number): string => `${percentile(values, p).toFixed(0)} ms`;
	const duration = (what: string, { times }: typeof alone): Row => ({
		what: `POST to completed, ${what}`,
		value: `p50 ${ms(times, 0.5)}`,
		ratio: `p99 ${ms(times, 0.99)}`,
	});
	return [
		{
			what: `orders settled, ${atOnce} in parallel`,
			value: `${together.perSecond.toFixed(0)} /s`,
			ratio: `${(together.perSecond / alone.perSecond).toFixed(1)}x one at a time (${alone.perSecond.toFixed(0)} /s)`,
		},
		duration(`${atOnce} in parallel`, together),
		duration('one at a time', alone),
	];
}
