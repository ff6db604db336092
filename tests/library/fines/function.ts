import { declare } from '../../../kit/declare/declare.ts';
import '../catalog.ts';

export default declare({
	name: 'fines',
	purpose: 'Notes the deposit of each loan.',
	reacts: ['copy.reserved', 'fine.requested'],
	emits: ['fine.requested', 'fine.issued'],
	data: true,
	scale: { tier: 'order' },
});
