import { declare } from '../../kit/declare/declare.ts';
import { api as books } from '../books/api.ts';
import { api } from './api.ts';

export default declare({
	name: 'orders',
	purpose: 'Takes orders and follows each to completion or rejection.',
	api,
	aliases: ['/api/commandes'],
	calls: { books },
	reacts: ['stock.rejected', 'invoice.issued'],
	emits: ['order.placed'],
	data: true,
	scale: { tier: 'customer' },
});
