import { useEffect, useEffectEvent } from 'react';
import type { Order } from '../../functions/orders/api.ts';
import { ask } from '../api/ask.ts';
import { follow } from '../api/follow.ts';
import { refresh } from '../api/query.ts';

/** The maximum number of streams. Each uses one of the six HTTP/1.1 connections that all tabs share for a host. */
const atOnce = 2;

interface Props {
	readonly orders: readonly Order[];
	/** Called once for each order that is settled meanwhile. */
	readonly onSettled?: ((order: Order) => void) | undefined;
}

/** Follows the newest pending orders until they are settled, then refreshes the queries that they affect. */
export function Following({ orders, onSettled }: Props) {
	return orders
		.filter(({ status }) => status === 'pending')
		.slice(0, atOnce)
		.map(({ id }) => <Followed key={id} id={id} onSettled={onSettled} />);
}

function Followed({ id, onSettled }: { readonly id: number } & Pick<Props, 'onSettled'>) {
	const settled = useEffectEvent((order: Order) => onSettled?.(order));
	useEffect(() => {
		const stop = follow<Order>(`/api/orders/${id}`, {
			onUpdate: (order) => {
				if (order.status === 'pending') return;
				stop();
				settled(order);
				refresh('GET /api/orders', 'GET /api/orders/mine', 'GET /api/orders/:id', 'GET /api/books');
			},
			poll: async () => [await ask('GET /api/orders/:id', { params: { id } })],
		});
		return stop;
	}, [id]);
	return null;
}
