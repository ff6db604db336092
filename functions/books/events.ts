import type { Lanes, Reactions } from '../../kit/events/events.ts';
import * as books from './books.ts';
import type declaration from './function.ts';

/** Orders of one book wait for the row of that book, and leave the connections to the orders of other books. */
export const lanes: Lanes<typeof declaration> = { 'order.placed': ({ book_id }) => `book ${book_id}` };

export const reactions: Reactions<typeof declaration> = {
	async 'order.placed'({ data: order }, tx) {
		const { order_id, book_id, quantity, account_id } = order;
		if (await books.reserve(tx, book_id, quantity)) {
			await tx.emit('stock.reserved', book_id, order);
			return;
		}
		const book = await books.find(tx, book_id);
		const reason = book
			? `only ${book.stock} of "${book.title}" left, ${quantity} ordered`
			: `book ${book_id} is no longer on sale`;
		await tx.emit('stock.rejected', book_id, { order_id, book_id, reason, account_id });
	},
};
