import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'books',
	purpose: 'Holds the books on sale and their stock, and reserves or returns the copies of an order.',
	api,
	aliases: ['/api/livres', '/api/produits'],
	reacts: ['order.placed', 'order.cancelled'],
	emits: ['stock.reserved', 'stock.rejected', 'stock.returned'],
	data: true,
	scale: { tier: 'customer' },
});
