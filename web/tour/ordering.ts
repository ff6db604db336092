import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Order } from '../../functions/orders/api.ts';
import { ask } from '../api/ask.ts';
import { useAnswer } from '../api/query.ts';
import { useCustomer } from '../books/customer.ts';
import { usePlacing } from '../books/placing.ts';
import { watch } from '../orders/watch.ts';

/** Orders one copy of the first book in stock; null if there is none. */
export function useOrdering() {
	const customer = useCustomer();
	const { mutateAsync: place } = usePlacing();
	return useMutation({
		async mutationFn(): Promise<Order | null> {
			const [book] = await ask('GET /api/books', { query: { in_stock: 'true', limit: 1 } });
			if (!book) return null;
			return await place({ customer_name: customer?.name.trim() || 'Ada', lines: [{ book_id: book.id, quantity: 1 }] });
		},
	});
}

/** Follows an order until it is settled. */
export function useOrder(id: number | undefined): Order | undefined {
	// The end of an order makes the page fetch it again.
	useEffect(() => (id === undefined ? undefined : watch(id, () => {})), [id]);
	const { data } = useAnswer('GET /api/orders/:id', { params: { id: id ?? 0 } }, { enabled: id !== undefined });
	return data;
}
