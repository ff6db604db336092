import * as z from 'zod';
import { IdempotencyKey } from '../../kit/data/idempotency.ts';
import { contract } from '../../kit/declare/contract.ts';
import { Money } from '../../kit/fields/money.ts';
import { RowId, rowParams } from '../../kit/fields/row-id.ts';
import { line } from '../../kit/fields/text.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

export const Order = z
	.object({
		id: z.int(),
		book_id: z.int(),
		customer_name: z.string(),
		quantity: z.int().positive(),
		unit_price: Money,
		status: z
			.enum(['pending', 'completed', 'rejected'])
			.describe(
				'`completed` when its invoice is issued, `rejected` when books cannot reserve the copies, `pending` until then.',
			),
		reason: z.string().nullable().describe('Why the order was rejected.'),
		created_at: z.iso.datetime(),
	})
	.meta({
		id: 'Order',
		examples: [
			{
				id: 1,
				book_id: 1,
				customer_name: 'Ada',
				quantity: 2,
				unit_price: '29.99',
				status: 'pending',
				reason: null,
				created_at: '2026-01-05T09:00:00.000Z',
			},
		],
	});
export type Order = z.output<typeof Order>;

const OrderInput = z
	.object({
		book_id: z.int().min(1).max(2_147_483_647),
		customer_name: line(200),
		quantity: z.int().min(1).max(1_000_000),
	})
	.meta({ id: 'OrderInput', examples: [{ book_id: 1, customer_name: 'Ada', quantity: 2 }] });
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
			'Lists the orders that were placed without an account, newest first; for a signed-in user also their own, for an admin all',
		access: 'optional',
		query: pageQuery(RowId),
		returns: z.array(Order),
	},
	listMyOrders: {
		method: 'GET',
		path: '/mine',
		summary: 'Lists the caller’s own orders, newest first',
		access: 'user',
		query: pageQuery(RowId),
		returns: z.array(Order),
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
	placeOrder: {
		method: 'POST',
		path: '/',
		calls: ['books'],
		emits: ['order.placed'],
		access: 'optional',
		summary:
			'Places an order for a book: returns the pending order immediately, or the settled one if the request prefers to wait',
		headers,
		body: OrderInput,
		status: 201,
		returns: Order,
		problems: [404, 409],
	},
});
