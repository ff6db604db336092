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
		tx.conclude(['stock.reserved', 'stock.rejected'], reservations.reserve(order));
	},

	async 'order.cancelled'({ data: order }, tx) {
		tx.conclude(['stock.returned'], reservations.giveBack(order));
	},
};
