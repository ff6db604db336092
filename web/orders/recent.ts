import type { Order } from '../../functions/orders/api.ts';
import { queries, refresh, useAnswer } from '../api/query.ts';

const limit = 8;
const newest = { query: { limit } };

/** The ids of the orders that were placed by this page. */
const own = new Set<number>();

export const isOwn = ({ id }: Order): boolean => own.has(id);

/** The latest orders of the shop. */
export const useRecent = () => useAnswer('GET /api/orders', newest);

/** Shows an order that was placed just now, before the shop is asked again. */
export function addRecent(order: Order): void {
	own.add(order.id);
	queries.setQueryData<readonly Order[]>(['GET /api/orders', newest], (before = []) =>
		[order, ...before.filter(({ id }) => id !== order.id)].slice(0, limit),
	);
	refresh('GET /api/orders');
}
