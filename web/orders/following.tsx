import { useEffectEvent, useLayoutEffect } from 'react';
import type { Order } from '../../functions/orders/api.ts';
import { mostWatched, watch } from './watch.ts';

interface Props {
	readonly orders: readonly Order[];
	/** Called once for each order that is settled meanwhile. */
	readonly onSettled?: ((order: Order) => void) | undefined;
}

/** Watches the newest pending orders until they are settled, which refreshes the queries that they affect. */
export function Following({ orders, onSettled }: Props) {
	return orders
		.filter(({ status }) => status === 'pending')
		.slice(0, mostWatched)
		.map(({ id }) => <Followed key={id} id={id} onSettled={onSettled} />);
}

function Followed({ id, onSettled }: { readonly id: number } & Pick<Props, 'onSettled'>) {
	const settled = useEffectEvent((order: Order) => onSettled?.(order));
	// Not `useEffect`, which React ends only when the next screen's code is there: until then a hidden screen would listen.
	useLayoutEffect(() => watch(id, (order) => settled(order)), [id]);
	return null;
}
