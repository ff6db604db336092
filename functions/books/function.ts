import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'books',
	purpose: 'Holds the books on sale and their stock, and reserves the copies of an order.',
	api,
	aliases: ['/api/livres', '/api/produits'],
	reacts: ['order.placed'],
	emits: ['stock.reserved', 'stock.rejected'],
	data: true,
	scale: { tier: 'customer' },
});
