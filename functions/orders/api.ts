import * as z from 'zod';
import { IdempotencyKey } from '../../kit/data/idempotency.ts';
import { contract } from '../../kit/declare/contract.ts';
import { Money } from '../../kit/fields/money.ts';
import { RowId, rowParams } from '../../kit/fields/row-id.ts';
import { line } from '../../kit/fields/text.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

export const OrderLine = z.object({
	book_id: z.int(),
	title: z
		.string()
		.nullable()
		.describe('The title when the order was placed; null in orders of releases that stored none.'),
	quantity: z.int().positive(),
	unit_price: Money.describe('The price when the order was placed.'),
});
export type OrderLine = z.output<typeof OrderLine>;

export const Order = z
	.object({
		id: z.int(),
		customer_name: z.string(),
		lines: z.array(OrderLine).min(1),
		total_amount: Money,
		status: z
			.enum(['pending', 'completed', 'rejected', 'cancelled'])
			.describe(
				'`completed` when its invoice is issued, `rejected` when books cannot reserve the copies, `cancelled` by its customer or an admin, `pending` until then.',
			),
		reason: z.string().nullable().describe('Why the order was rejected. Names each book that lacks copies.'),
		created_at: z.iso.datetime(),
		settled_at: z.iso
			.datetime()
			.nullable()
			.describe('When its status became final; null while it is pending, and in orders of releases that stored none.'),
		private: z.boolean().describe('Whether an account placed it: then only that account and admins see and cancel it.'),
	})
	.meta({
		id: 'Order',
		examples: [
			{
				id: 1,
				customer_name: 'Ada',
				lines: [{ book_id: 1, title: 'Clean Code', quantity: 2, unit_price: '29.99' }],
				total_amount: '59.98',
				status: 'pending',
				reason: null,
				created_at: '2026-01-05T09:00:00.000Z',
				settled_at: null,
				private: false,
			},
		],
	});
export type Order = z.output<typeof Order>;

/** With the most copies of a line, an order has at most a million copies, and its total 14 digits before the point. */
const mostLines = 20;

const OrderInput = z
	.object({
		customer_name: line(200),
		lines: z
			.array(z.object({ book_id: z.int().min(1).max(2_147_483_647), quantity: z.int().min(1).max(50_000) }))
			.min(1)
			.max(mostLines)
			.refine(
				(lines) => new Set(lines.map(({ book_id }) => book_id)).size === lines.length,
				'expected each book in one line only',
			)
			.describe('Each book is in one line only.'),
	})
	.meta({ id: 'OrderInput', examples: [{ customer_name: 'Ada', lines: [{ book_id: 1, quantity: 2 }] }] });
export type OrderInput = z.output<typeof OrderInput>;

const headers = z.object({
	'idempotency-key': IdempotencyKey,
	prefer: z
		.string()
		.optional()
		.describe(
			'`wait=5` delays the response until the order is settled, for up to five seconds (RFC 7240, 4.3). The maximum is 30.',
		),
});

export const api = contract('/api/orders', {
	listOrders: {
		method: 'GET',
		path: '/',
		summary:
			'Lists the orders that were placed without an account, newest first; for a signed-in user also their own, for an admin all. As CSV, not in pages, with a record for each book',
		access: 'optional',
		query: pageQuery(RowId),
		returns: z.array(Order),
		alternatives: ['text/csv'],
	},
	listMyOrders: {
		method: 'GET',
		path: '/mine',
		summary: 'Lists the caller’s own orders, newest first. As CSV, not in pages, with a record for each book',
		access: 'user',
		query: pageQuery(RowId),
		returns: z.array(Order),
		alternatives: ['text/csv'],
	},
	getOrder: {
		method: 'GET',
		path: '/:id',
		summary:
			'Returns one order; as an event stream, sends it immediately and again once it is settled. Only its customer and admins find the order of an account',
		access: 'optional',
		params: rowParams,
		returns: Order,
		alternatives: ['text/event-stream'],
		problems: [404],
	},
	cancelOrder: {
		method: 'DELETE',
		path: '/:id',
		emits: ['order.cancelled'],
		access: 'user',
		summary:
			'Cancels a pending order, which stays readable: its copies go back into the stock, and it has no invoice. Only its customer and admins can; a repeated request returns the cancelled order',
		params: rowParams,
		returns: Order,
		problems: [403, 404, 409],
	},
	placeOrder: {
		method: 'POST',
		path: '/',
		calls: ['books'],
		emits: ['order.placed'],
		access: 'optional',
		summary:
			'Places an order for one or more books: returns the pending order immediately, or the settled one if the request prefers to wait',
		headers,
		body: OrderInput,
		status: 201,
		returns: Order,
		problems: [404, 409],
	},
});
