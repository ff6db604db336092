import { declare } from '../../kit/declare/declare.ts';
import { api as books } from '../books/api.ts';
import { api } from './api.ts';

export default declare({
	name: 'orders',
	purpose: 'Accepts orders, and tracks each until it is completed, rejected or cancelled.',
	api,
	aliases: ['/api/commandes'],
	calls: { books },
	reacts: ['stock.rejected', 'invoice.issued', 'account.deleted'],
	emits: ['order.placed', 'order.cancelled'],
	data: true,
	scale: { tier: 'customer' },
});
