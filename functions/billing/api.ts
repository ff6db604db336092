import * as z from 'zod';
import { IdempotencyKey } from '../../kit/data/idempotency.ts';
import { contract } from '../../kit/declare/contract.ts';
import { Money, MoneyInput } from '../../kit/fields/money.ts';
import { RowId } from '../../kit/fields/row-id.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

const example = '0198c0de-0000-7000-8000-000000000001';

export const Invoice = z
	.object({
		id: z.uuid(),
		order_id: z
			.int()
			.nullable()
			.describe('The order that the invoice is for, or null if it was requested without an order.'),
		user_id: z.int().nullable(),
		customer_name: z.string().nullable(),
		lines: z
			.array(z.object({ book_id: z.int(), title: z.string().nullable(), quantity: z.int(), unit_price: Money }))
			.describe('The books of the order; empty if it was requested without an order, or by releases that stored none.'),
		number_of_items: z.int().positive(),
		total_amount: Money,
		created_at: z.iso.datetime(),
	})
	.meta({
		id: 'Invoice',
		examples: [
			{
				id: example,
				order_id: 1,
				user_id: null,
				customer_name: 'Ada',
				lines: [{ book_id: 1, title: 'Clean Code', quantity: 2, unit_price: '29.99' }],
				number_of_items: 2,
				total_amount: '59.98',
				created_at: '2026-01-05T09:00:01.000Z',
			},
		],
	});
export type Invoice = z.output<typeof Invoice>;

/** An integer, or one of up to nine digits in a string, because clients send both. */
function whole(least: 0 | 1) {
	const wanted = `expected a whole number from ${least} to 2147483647, or one of up to nine digits in a string`;
	const digits = least ? /^ *[1-9][0-9]{0,8} *$/ : /^ *(0|[1-9][0-9]{0,8}) *$/;
	const number = z.int(wanted).min(least, wanted).max(2_147_483_647, wanted);
	return z.union([number, z.string().regex(digits, wanted)], wanted).transform(Number);
}

const InvoiceRequest = z
	.object({ user_id: whole(0), number_of_items: whole(1), total_amount: MoneyInput })
	.meta({ id: 'InvoiceRequest', examples: [{ user_id: 3, number_of_items: 5, total_amount: '180.00' }] });
export type InvoiceRequest = z.output<typeof InvoiceRequest>;

export const api = contract('/api/billing', {
	requestInvoice: {
		method: 'POST',
		path: '/',
		emits: ['billing.requested'],
		access: 'optional',
		summary: 'Requests an invoice: answers 202 with the Location at which the invoice appears once it is issued',
		headers: z.object({ 'idempotency-key': IdempotencyKey }),
		body: InvoiceRequest,
		status: 202,
		returns: z
			.object({ id: z.uuid(), status: z.literal('requested') })
			.meta({ examples: [{ id: example, status: 'requested' }] }),
	},
	listMine: {
		method: 'GET',
		path: '/mine',
		summary: 'Lists the caller’s own invoices, newest first',
		access: 'user',
		query: pageQuery(z.guid()),
		returns: z.array(Invoice),
	},
	getInvoice: {
		method: 'GET',
		path: '/:id',
		summary: 'Returns one invoice. Only its customer and admins find the invoice of an account',
		access: 'optional',
		params: z.object({ id: z.guid().meta({ examples: [example] }) }),
		returns: Invoice,
		problems: [404],
	},
	listInvoices: {
		method: 'GET',
		path: '/',
		summary: 'Lists all invoices, newest first',
		access: 'admin',
		query: pageQuery(z.guid()).extend({ order_id: RowId.optional() }),
		returns: z.array(Invoice),
	},
});
