import { declare } from '../../../kit/declare/declare.ts';
import { api as shelves } from '../shelves/api.ts';
import { api } from './api.ts';
import '../catalog.ts';

export default declare({
	name: 'loans',
	purpose: 'Accepts loans and tracks each until it is granted or refused.',
	api,
	calls: { shelves },
	reacts: ['copy.missing', 'fine.issued'],
	emits: ['loan.requested'],
	data: true,
	scale: { tier: 'customer' },
});
