import type { Reactions } from '../../kit/events/events.ts';
import * as orders from './orders.ts';

export const reactions: Reactions = {
	async 'dev.bodega.stock.rejected'({ data }, tx) {
		await orders.settle(tx, data.order_id, 'rejected', data.reason);
	},

	async 'dev.bodega.invoice.issued'({ data }, tx) {
		if (data.order_id !== null) await orders.settle(tx, data.order_id, 'completed');
	},
};
