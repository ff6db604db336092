import * as z from 'zod';
import { shop } from '../shop.ts';

/** Money: `numeric(10,2)` in the database, a decimal string with two digits everywhere else. */
const money = z.string().regex(/^\d{1,14}\.\d{2}$/);
const order = z
	.object({
		order_id: z.int(),
		book_id: z.int(),
		customer_name: z.string(),
		quantity: z.int(),
		unit_price: money,
		account_id: z.uuid().optional().describe('Whose order it is; none of somebody who was not signed in.'),
	})
	.meta({
		id: 'PlacedOrder',
		examples: [{ order_id: 1, book_id: 1, customer_name: 'Ada', quantity: 2, unit_price: '29.99' }],
	});
/** One that the examples are of. */
const invoice_id = '0198c0de-0000-7000-8000-000000000001';

/**
 * Every event of the shop: what it says and the shape of its data. The type is the constant that emitters and handlers
 * name, so going to its definition, and from there to its uses, walks the event graph.
 */
export const catalog = {
	'order.placed': {
		summary: 'A customer ordered a book; nothing is reserved yet.',
		version: 1,
		data: order,
	},
	'stock.reserved': {
		summary: 'The copies of an order were taken out of the stock. Carries the order, so that billing need not ask.',
		version: 1,
		data: order,
	},
	'stock.rejected': {
		summary: 'An order asks for more copies than there are.',
		version: 1,
		data: z
			.object({ order_id: z.int(), book_id: z.int(), reason: z.string() })
			.meta({ examples: [{ order_id: 1, book_id: 1, reason: 'only 1 of "Clean Code" left, 2 ordered' }] }),
	},
	'billing.requested': {
		summary: 'Somebody asked for an invoice that belongs to no order.',
		version: 1,
		data: z
			.object({ invoice_id: z.uuid(), user_id: z.int(), number_of_items: z.int(), total_amount: money })
			.meta({ examples: [{ invoice_id, user_id: 3, number_of_items: 5, total_amount: '180.00' }] }),
	},
	'invoice.issued': {
		summary: 'An invoice exists.',
		version: 1,
		data: z
			.object({ invoice_id: z.uuid(), order_id: z.int().nullable(), total_amount: money })
			.meta({ examples: [{ invoice_id, order_id: 1, total_amount: '59.98' }] }),
	},
} as const satisfies Record<string, { summary: string; version: number; data: z.ZodType }>;

export type EventType = keyof typeof catalog;
export type EventData<Type extends EventType> = z.output<(typeof catalog)[Type]['data']>;

/** The CloudEvents `type` attribute of an event: `dev.bodega.order.placed`. */
export const attributeOf = (type: EventType): string => `${shop.eventPrefix}.${type}`;

/** The event type of a `type` attribute; an attribute of another shop stays as it is. */
export const eventTypeOf = (attribute: string): string =>
	attribute.startsWith(`${shop.eventPrefix}.`) ? attribute.slice(shop.eventPrefix.length + 1) : attribute;

/** The `dataschema` attribute (CloudEvents 1.0, an absolute URI): changes with each incompatible version of the data. */
export const dataschemaOf = (type: EventType): string => `urn:${shop.name}:event:${type}:${catalog[type].version}`;
