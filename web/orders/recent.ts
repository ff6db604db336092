import type { Order } from '../../functions/orders/api.ts';
import { queries, refresh, useAnswer } from '../api/query.ts';
import { watchOwn } from './watch.ts';

const limit = 8;
const newest = { query: { limit } };

/** The ids of the orders placed from this page. */
const own = new Set<number>();

export const isOwn = ({ id }: Order): boolean => own.has(id);

export const useRecent = () => useAnswer('GET /api/orders', newest);

/** Adds a new order to the cached list immediately, then refreshes the list. */
export function addRecent(order: Order): void {
	own.add(order.id);
	if (order.status === 'pending') watchOwn(order.id);
	queries.setQueryData<readonly Order[]>(['GET /api/orders', newest], (before = []) =>
		[order, ...before.filter(({ id }) => id !== order.id)].slice(0, limit),
	);
	refresh('GET /api/orders', 'GET /api/orders/mine');
}
