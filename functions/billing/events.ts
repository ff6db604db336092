import { randomUUID } from 'node:crypto';
import type { PlacedOrder } from '../../eventing/catalog/orders.ts';
import type { Lanes, Reactions } from '../../kit/events/events.ts';
import { multiply, sum } from '../../kit/fields/money.ts';
import type declaration from './function.ts';
import * as invoices from './invoices.ts';

/** Invoices share no row, but a commit. A cancellation waits for the invoice of its order, so it has a transaction of its own. */
export const lanes: Lanes<typeof declaration> = { 'stock.reserved': () => 'invoices' };

export const reactions: Reactions<typeof declaration> = {
	async 'stock.reserved'({ data: order }, tx) {
		await invoices.issue(tx, invoiceOf(order));
	},

	async 'order.cancelled'({ data: order }, tx) {
		await invoices.cancel(tx, { ...invoiceOf(order), order_id: order.order_id });
	},

	async 'billing.requested'({ data: { invoice_id: id, ...request } }, tx) {
		await invoices.issue(tx, { id, order_id: null, customer_name: null, lines: [], ...request });
	},

	async 'account.deleted'({ data: { account_id } }, tx) {
		await invoices.anonymize(tx, account_id);
	},
};

const invoiceOf = (order: PlacedOrder): invoices.NewInvoice => ({
	id: randomUUID(),
	...order,
	user_id: null,
	number_of_items: order.lines.reduce((items, { quantity }) => items + quantity, 0),
	total_amount: sum(order.lines.map(({ unit_price, quantity }) => multiply(unit_price, quantity))),
});
