import * as z from 'zod';
import { AccountId } from './account-id.ts';
import type { Definition } from './definition.ts';
import { Money } from './money.ts';

const Line = z.object({
	book_id: z.int(),
	title: z.string().nullable().describe('The title when the order was placed; null in orders of version 1.'),
	quantity: z.int(),
	unit_price: Money,
});

/**
 * Returns the data of version 2 for those of version 1, whose order was for one book. Events of version 1 can be on their way,
 * or dead letters, when the release that emits version 2 starts. That of version 1 fails to handle version 2, so its Broker
 * retries until this release does.
 */
function ofVersion1(data: unknown): unknown {
	if (typeof data !== 'object' || data === null || !('book_id' in data)) return data;
	const { book_id, quantity, unit_price, ...rest } = data as Record<string, unknown>;
	return { ...rest, lines: [{ book_id, title: null, quantity, unit_price }] };
}

/** The order that the events of the saga carry. */
export const PlacedOrder = z
	.preprocess(
		ofVersion1,
		z.object({ order_id: z.int(), customer_name: z.string(), lines: z.array(Line).min(1), account_id: AccountId }),
	)
	.meta({
		id: 'PlacedOrder',
		examples: [
			{
				order_id: 1,
				customer_name: 'Ada',
				lines: [{ book_id: 1, title: 'Clean Code', quantity: 2, unit_price: '29.99' }],
			},
		],
	});
export type PlacedOrder = z.output<typeof PlacedOrder>;

export const orders = {
	'order.placed': {
		summary: 'A customer ordered books; nothing is reserved yet.',
		version: 2,
		subject: 'public',
		data: PlacedOrder,
	},
	'order.cancelled': {
		summary:
			'A pending order was cancelled. Books returns its copies, or never takes them; billing voids its invoice, or never issues one.',
		version: 1,
		subject: 'public',
		data: PlacedOrder,
	},
} as const satisfies Record<string, Definition>;
