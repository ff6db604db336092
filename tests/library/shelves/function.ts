import { declare } from '../../../kit/declare/declare.ts';
import { api } from './api.ts';
import '../catalog.ts';

export default declare({
	name: 'shelves',
	purpose: 'Holds the titles of the library, and reserves the copies of a loan.',
	api,
	reacts: ['loan.requested'],
	emits: ['copy.reserved', 'copy.missing'],
	data: true,
	scale: { tier: 'customer' },
});
