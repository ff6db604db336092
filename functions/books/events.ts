import type { PlacedOrder } from '../../eventing/catalog/orders.ts';
import type { Lane, Lanes, Reactions } from '../../kit/events/events.ts';
import type declaration from './function.ts';
import * as reservations from './reservations.ts';

/**
 * Orders wait for the row of their first book, and leave the connections to the orders of other books. An order of several books
 * has a transaction of its own, because one that also had the locks of other orders would not lock in the order of the ids.
 */
function laneOf({ lines }: PlacedOrder): Lane {
	return lines.length === 1 ? firstBook(lines) : { alone: firstBook(lines) };
}

const firstBook = (lines: PlacedOrder['lines']): string => `book ${Math.min(...lines.map(({ book_id }) => book_id))}`;

export const lanes: Lanes<typeof declaration> = {
	'order.placed': laneOf,
	// Locks its reservation before its books, and so must not have the lock of a book already.
	'order.cancelled': ({ lines }) => ({ alone: firstBook(lines) }),
};

export const reactions: Reactions<typeof declaration> = {
	async 'order.placed'({ data: order }, tx) {
		const { order_id, account_id } = order;
		const { isReserved, lacking } = await reservations.reserve(tx, order);
		if (isReserved) await tx.emit('stock.reserved', bookOf(order), order);
		else if (lacking.length)
			await tx.emit('stock.rejected', bookOf(order), { order_id, reason: lacking.map(told).join('; '), account_id });
	},

	async 'order.cancelled'({ data: order }, tx) {
		const { order_id, account_id } = order;
		const lines = await reservations.giveBack(tx, order_id);
		if (lines.length) await tx.emit('stock.returned', bookOf(order), { order_id, lines: [...lines], account_id });
	},
};

/** The subject of an event about the stock: the first book of the order. */
const bookOf = ({ lines }: PlacedOrder): number => lines[0]?.book_id ?? 0;

const told = ({ book_id, title, quantity, stock }: reservations.Lack): string =>
	stock === null
		? `${title === null ? `book ${book_id}` : `"${title}"`} is no longer on sale`
		: `only ${stock} of "${title}" left, ${quantity} ordered`;
