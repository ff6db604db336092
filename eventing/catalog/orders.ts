import * as z from 'zod';
import { AccountId } from './account-id.ts';
import type { Definition } from './definition.ts';
import { Money } from './money.ts';

/** The order that the events of the saga carry. */
export const PlacedOrder = z
	.object({
		order_id: z.int(),
		book_id: z.int(),
		customer_name: z.string(),
		quantity: z.int(),
		unit_price: Money,
		account_id: AccountId,
	})
	.meta({
		id: 'PlacedOrder',
		examples: [{ order_id: 1, book_id: 1, customer_name: 'Ada', quantity: 2, unit_price: '29.99' }],
	});

export const orders = {
	'order.placed': {
		summary: 'A customer ordered a book; nothing is reserved yet.',
		version: 1,
		subject: 'public',
		data: PlacedOrder,
	},
} as const satisfies Record<string, Definition>;
