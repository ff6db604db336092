import * as z from 'zod';
import { AccountId } from './account-id.ts';
import type { Definition } from './definition.ts';
import { PlacedOrder } from './orders.ts';

export const books = {
	'stock.reserved': {
		summary:
			'The copies of an order were taken from stock. Carries the order, so that billing does not have to request it.',
		version: 2,
		subject: 'public',
		data: PlacedOrder,
	},
	'stock.rejected': {
		summary: 'An order is for more copies than are in stock. The reason names each book that lacks copies.',
		version: 2,
		subject: 'public',
		data: z
			.object({ order_id: z.int(), reason: z.string(), account_id: AccountId })
			.meta({ examples: [{ order_id: 1, reason: 'only 1 of "Clean Code" left, 2 ordered' }] }),
	},
	'stock.returned': {
		summary: 'The copies of a cancelled order are in stock again.',
		version: 1,
		subject: 'public',
		data: z
			.object({
				order_id: z.int(),
				lines: z.array(z.object({ book_id: z.int(), quantity: z.int() })),
				account_id: AccountId,
			})
			.meta({ examples: [{ order_id: 1, lines: [{ book_id: 1, quantity: 2 }] }] }),
	},
} as const satisfies Record<string, Definition>;
