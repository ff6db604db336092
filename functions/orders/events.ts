import type { Lanes, Reactions } from '../../kit/events/events.ts';
import type declaration from './function.ts';
import * as orders from './orders.ts';

/** Orders that are completed in parallel share no row, but a commit. */
export const lanes: Lanes<typeof declaration> = { 'invoice.issued': () => 'completed' };

export const reactions: Reactions<typeof declaration> = {
	async 'stock.rejected'({ data }, tx, { notifications }) {
		await orders.settle(tx, notifications, data.order_id, 'rejected', data.reason);
	},

	async 'invoice.issued'({ data }, tx, { notifications }) {
		if (data.order_id !== null) await orders.settle(tx, notifications, data.order_id, 'completed');
	},

	async 'account.deleted'({ data: { account_id } }, tx) {
		await orders.anonymize(tx, account_id);
	},
};
