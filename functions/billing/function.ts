import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'billing',
	purpose: 'Issues invoices for orders whose stock is reserved, and on request; voids those of cancelled orders.',
	api,
	reacts: ['stock.reserved', 'order.cancelled', 'billing.requested', 'account.deleted'],
	emits: ['billing.requested', 'invoice.issued', 'invoice.voided'],
	data: true,
	scale: { tier: 'order' },
});
