import { randomUUID } from 'node:crypto';
import type { Lanes, Reactions } from '../../kit/events/events.ts';
import { multiply, sum } from '../../kit/fields/money.ts';
import type declaration from './function.ts';
import * as invoices from './invoices.ts';

/** Invoices share no row, but a commit. */
export const lanes: Lanes<typeof declaration> = { 'stock.reserved': () => 'invoices' };

export const reactions: Reactions<typeof declaration> = {
	async 'stock.reserved'({ data: order }, tx) {
		await invoices.issue(tx, {
			id: randomUUID(),
			...order,
			user_id: null,
			number_of_items: order.lines.reduce((items, { quantity }) => items + quantity, 0),
			total_amount: sum(order.lines.map(({ unit_price, quantity }) => multiply(unit_price, quantity))),
		});
	},

	async 'billing.requested'({ data: { invoice_id: id, ...request } }, tx) {
		await invoices.issue(tx, { id, order_id: null, customer_name: null, lines: [], ...request });
	},

	async 'account.deleted'({ data: { account_id } }, tx) {
		await invoices.anonymize(tx, account_id);
	},
};
