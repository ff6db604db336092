import * as z from 'zod';
import { contract } from '../kit/contract.ts';
import { Money, MoneyInput } from '../kit/money.ts';
import { pageQuery } from '../kit/page.ts';

export const Invoice = z.object({
	id: z.uuid(),
	/** The order it is for, or null when it was asked for without one. */
	order_id: z.int().nullable(),
	user_id: z.int().nullable(),
	customer_name: z.string().nullable(),
	number_of_items: z.int().positive(),
	total_amount: Money,
	created_at: z.iso.datetime(),
});
export type Invoice = z.output<typeof Invoice>;

/** A whole number, or one in a string: both are sent in the wild. */
const whole = (least: number) =>
	z
		.union([
			z.number(),
			z
				.string()
				.trim()
				.regex(/^\d{1,10}$/, 'expected a whole number, or one in a string'),
		])
		.transform(Number)
		.pipe(z.int().min(least).max(2_147_483_647));

const InvoiceRequest = z.object({ user_id: whole(0), number_of_items: whole(1), total_amount: MoneyInput });
export type InvoiceRequest = z.output<typeof InvoiceRequest>;

export const api = contract('/api/billing', {
	requestInvoice: {
		method: 'POST',
		path: '/',
		summary: 'Asks for an invoice: 202 with its Location, where it appears as soon as billing has issued it',
		body: InvoiceRequest,
		status: 202,
		returns: z.object({ id: z.uuid(), status: z.literal('requested') }),
	},
	getInvoice: {
		method: 'GET',
		path: '/:id',
		summary: 'One invoice',
		params: z.object({ id: z.uuid() }),
		returns: Invoice,
		problems: [404],
	},
	listInvoices: {
		method: 'GET',
		path: '/',
		summary: 'The invoices, newest first',
		access: 'admin',
		query: pageQuery(z.uuid()).extend({ order_id: z.coerce.number().int().min(1).max(2_147_483_647).optional() }),
		returns: z.array(Invoice),
	},
});
