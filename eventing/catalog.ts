import * as z from 'zod';
import { shop } from '../shop.ts';

/** Money: a decimal string with two digits after the point. */
const Money = z.string().regex(/^\d{1,14}\.\d{2}$/);
const order = z
	.object({
		order_id: z.int(),
		book_id: z.int(),
		customer_name: z.string(),
		quantity: z.int(),
		unit_price: Money,
		account_id: z
			.uuid()
			.optional()
			.describe('The account that placed the order; absent if the customer was not signed in.'),
	})
	.meta({
		id: 'PlacedOrder',
		examples: [{ order_id: 1, book_id: 1, customer_name: 'Ada', quantity: 2, unit_price: '29.99' }],
	});
const invoice_id = '0198c0de-0000-7000-8000-000000000001';

/**
 * Every event type of the shop, with its meaning and the schema of its data. Emitters and handlers name the type as a
 * constant, so an editor's "Go to Definition" and "Find All References" walk the event graph.
 */
export const catalog = {
	'order.placed': {
		summary: 'A customer ordered a book; nothing is reserved yet.',
		version: 1,
		data: order,
	},
	'stock.reserved': {
		summary:
			'The copies of an order were taken from stock. Carries the order, so that billing does not have to request it.',
		version: 1,
		data: order,
	},
	'stock.rejected': {
		summary: 'An order is for more copies than are in stock.',
		version: 1,
		data: z
			.object({ order_id: z.int(), book_id: z.int(), reason: z.string() })
			.meta({ examples: [{ order_id: 1, book_id: 1, reason: 'only 1 of "Clean Code" left, 2 ordered' }] }),
	},
	'billing.requested': {
		summary: 'An invoice without an order was requested.',
		version: 1,
		data: z
			.object({ invoice_id: z.uuid(), user_id: z.int(), number_of_items: z.int(), total_amount: Money })
			.meta({ examples: [{ invoice_id, user_id: 3, number_of_items: 5, total_amount: '180.00' }] }),
	},
	'invoice.issued': {
		summary: 'An invoice was issued.',
		version: 1,
		data: z
			.object({ invoice_id: z.uuid(), order_id: z.int().nullable(), total_amount: Money })
			.meta({ examples: [{ invoice_id, order_id: 1, total_amount: '59.98' }] }),
	},
} as const satisfies Record<string, { summary: string; version: number; data: z.ZodType }>;

export type EventType = keyof typeof catalog;
export type EventData<Type extends EventType> = z.output<(typeof catalog)[Type]['data']>;

/** Returns the CloudEvents `type` attribute of an event type: `dev.bodega.order.placed`. */
export const attributeOf = (type: EventType): string => `${shop.eventPrefix}.${type}`;

/** Returns the event type of a `type` attribute. Other shops' attributes stay unchanged. */
export const eventTypeOf = (attribute: string): string =>
	attribute.startsWith(`${shop.eventPrefix}.`) ? attribute.slice(shop.eventPrefix.length + 1) : attribute;

/** Returns the `dataschema` attribute (CloudEvents 1.0, an absolute URI). It changes with incompatible data. */
export const dataschemaOf = (type: EventType): string => `urn:${shop.name}:event:${type}:${catalog[type].version}`;
