import { randomUUID } from 'node:crypto';
import type { Lanes, Reactions } from '../../kit/events/events.ts';
import { multiply } from '../../kit/fields/money.ts';
import type declaration from './function.ts';
import * as invoices from './invoices.ts';

/** Invoices share no row, but a commit. */
export const lanes: Lanes<typeof declaration> = { 'stock.reserved': () => 'invoices' };

export const reactions: Reactions<typeof declaration> = {
	async 'stock.reserved'({ data: order }, tx) {
		await invoices.issue(tx, {
			id: randomUUID(),
			order_id: order.order_id,
			user_id: null,
			customer_name: order.customer_name,
			number_of_items: order.quantity,
			total_amount: multiply(order.unit_price, order.quantity),
			account_id: order.account_id,
		});
	},

	async 'billing.requested'({ data: { invoice_id: id, ...request } }, tx) {
		await invoices.issue(tx, { id, order_id: null, customer_name: null, ...request });
	},

	async 'account.deleted'({ data: { account_id } }, tx) {
		await invoices.anonymize(tx, account_id);
	},
};
