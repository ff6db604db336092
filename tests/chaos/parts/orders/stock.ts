import type { Order } from '../../../../functions/orders/api.ts';
import { outcomeOf } from '../../history.ts';
import type { Invariant } from '../../invariants/invariant.ts';
import { addedBook, appliedEdits, copiesOf, editsOf, type State } from './state.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** The copies of a book in the orders with a status. */
const inOrders = ({ orders }: State, wanted: Order['status'], id: number): number =>
	sum(orders.filter(({ status }) => status === wanted).map((order) => copiesOf(order, id)));

/** The promises about the copies of a book. */
export const invariants: readonly Invariant<State>[] = [
	{
		claim: 'the stock of a book is what was added and edited, less the copies of its completed orders',
		violations: (history, state) =>
			state.books.flatMap((book) => {
				const start = addedBook(history, book.id)?.stock ?? 0;
				const edited = sum(appliedEdits(history, book).map(({ stock, before }) => stock - before.stock));
				const sold = inOrders(state, 'completed', book.id);
				const expected = start + edited - sold;
				return book.stock === expected
					? []
					: `"${book.title}" has ${book.stock} copies, expected ${start} + ${edited} - ${sold} = ${expected}`;
			}),
	},
	{
		claim: 'no acknowledged edit of a book is lost, and no refused one takes effect',
		violations: (history, { books }) => {
			const applied = new Set(books.flatMap((book) => appliedEdits(history, book)).map(({ title }) => title));
			return editsOf(history).flatMap(({ title, exchange }) => {
				const outcome = outcomeOf(exchange);
				if (outcome === 'unknown' || (outcome === 'done') === applied.has(title)) return [];
				const fate = outcome === 'done' ? 'had no effect' : 'took effect';
				return `the edit to "${title}" was answered ${exchange.status} after ${Math.round(exchange.ended)} ms and ${fate}`;
			});
		},
	},
	{
		claim: 'no order is rejected while its copies are in stock',
		violations: (history, state) => {
			const lowest = new Map(
				state.books.map((book) => {
					const taken = sum(appliedEdits(history, book).map(({ stock, before }) => Math.min(0, stock - before.stock)));
					// The stock was never lower than this, because a cancelled order can have had its copies for a while.
					const gone = inOrders(state, 'completed', book.id) + inOrders(state, 'cancelled', book.id);
					return [book.id, (addedBook(history, book.id)?.stock ?? 0) + taken - gone];
				}),
			);
			return state.orders
				.filter(({ status }) => status === 'rejected')
				.filter(({ lines }) => lines.every(({ book_id, quantity }) => quantity <= (lowest.get(book_id) ?? 0)))
				.map(
					(order) =>
						`its books always had ${order.lines.map(({ book_id }) => lowest.get(book_id))} copies: ${JSON.stringify(order)}`,
				);
		},
	},
];
