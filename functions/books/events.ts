import type { PlacedOrder } from '../../eventing/catalog/orders.ts';
import type { Lane, Lanes, Reactions } from '../../kit/events/events.ts';
import * as books from './books.ts';
import type declaration from './function.ts';

/**
 * Orders wait for the row of their first book, and leave the connections to the orders of other books. An order of several books
 * has a transaction of its own, because one that also had the locks of other orders would not lock in the order of the ids.
 */
function laneOf({ lines }: PlacedOrder): Lane {
	const first = `book ${Math.min(...lines.map(({ book_id }) => book_id))}`;
	return lines.length === 1 ? first : { alone: first };
}

export const lanes: Lanes<typeof declaration> = { 'order.placed': laneOf };

export const reactions: Reactions<typeof declaration> = {
	async 'order.placed'({ data: order }, tx) {
		const { order_id, lines, account_id } = order;
		const lacking = await books.reserve(tx, lines);
		if (lacking.length)
			await tx.emit('stock.rejected', bookOf(order), { order_id, reason: lacking.map(told).join('; '), account_id });
		else await tx.emit('stock.reserved', bookOf(order), order);
	},
};

/** The subject of an event about the stock: the first book of the order. */
const bookOf = ({ lines }: PlacedOrder): number => lines[0]?.book_id ?? 0;

const told = ({ book_id, title, quantity, stock }: books.Lack): string =>
	stock === null
		? `${title === null ? `book ${book_id}` : `"${title}"`} is no longer on sale`
		: `only ${stock} of "${title}" left, ${quantity} ordered`;
