import { multiply } from '../../kit/fields/money.ts';
import { csv } from '../../kit/files/csv.ts';
import type { Order } from './api.ts';

const columns = [
	...['order_id', 'created_at', 'customer_name', 'status', 'reason', 'settled_at'],
	...['book_id', 'title', 'quantity', 'unit_price', 'amount'],
];

/** Returns a record for each book of an order. */
const recordsOf = ({ id, lines, ...order }: Order) =>
	lines.map((line) => ({ order_id: id, ...order, ...line, amount: multiply(line.unit_price, line.quantity) }));

/**
 * Yields orders as CSV. Reads them in batches, the first before it returns, so that errors surface before the response starts.
 * @param read returns the next orders before one with an id, newest first; at most `batch`
 */
export async function csvOf(
	read: (before?: number) => Promise<readonly Order[]>,
	batch: number,
): Promise<AsyncIterable<string>> {
	const first = await read();
	async function* pages() {
		for (let orders = first; ; ) {
			yield orders.flatMap(recordsOf);
			const last = orders.at(-1);
			if (orders.length < batch || !last) return;
			orders = await read(last.id);
		}
	}
	return csv(columns, pages());
}
