import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'billing',
	purpose: 'Issues invoices for orders whose stock is reserved, and on request.',
	api,
	reacts: ['dev.bodega.stock.reserved', 'dev.bodega.billing.requested'],
	emits: ['dev.bodega.billing.requested', 'dev.bodega.invoice.issued'],
	data: true,
});
