import { useEffect, useEffectEvent } from 'react';
import type { Order } from '../../functions/orders/api.ts';
import { ask } from '../api/ask.ts';
import { follow } from '../api/follow.ts';
import { refresh } from '../api/query.ts';

/** Each stream holds one of the six connections that a browser has for a host over HTTP/1.1, in all of its tabs together. */
const atOnce = 2;

interface Props {
	readonly orders: readonly Order[];
	/** Called once with each order that has been settled meanwhile. */
	readonly onSettled?: ((order: Order) => void) | undefined;
}

/** Follows the newest pending ones of these orders until they are settled, and has what they change asked for again. */
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
				refresh('GET /api/orders', 'GET /api/orders/:id', 'GET /api/books');
			},
			poll: async () => [await ask('GET /api/orders/:id', { params: { id } })],
		});
		return stop;
	}, [id]);
	return null;
}
