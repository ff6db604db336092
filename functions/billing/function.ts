import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'billing',
	purpose: 'Issues invoices for orders whose stock is reserved, and on request.',
	api,
	reacts: ['stock.reserved', 'billing.requested', 'account.deleted'],
	emits: ['billing.requested', 'invoice.issued'],
	data: true,
	scale: { tier: 'order' },
});
